/// Why bytes are no event; the stream they came from cannot be read any further.
package enum EventError: Error, Hashable, Sendable {
    /// No line end within the limit.
    case headerTooLong
    /// The header line is no JSON object with a `type`, or a length in it is no count.
    case invalidHeader
    case dataTooLong(byteCount: Int)
    /// The data block is no JSON object, or a known event lacks what it must have.
    case invalidData
    case payloadTooLong(byteCount: Int)
    /// The stream ended within an event.
    case cut
}

extension EventError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .headerTooLong: "a header line is longer than \(EventLimits.headerByteCount) bytes"
        case .invalidHeader: "a header line is no event"
        case .dataTooLong(let count): "data of \(count) bytes is more than \(EventLimits.dataByteCount)"
        case .invalidData: "an event's data is not what its type asks for"
        case .payloadTooLong(let count): "a payload of \(count) bytes is more than \(EventLimits.payloadByteCount)"
        case .cut: "the stream ended within an event"
        }
    }
}

/// How large the parts of an event may be.
package enum EventLimits {
    /// The reference reader gives up on longer lines without a word (asyncio's stream limit).
    package static let headerByteCount = 64 * 1024
    /// Far above the longest `info` seen, so that a broken length is refused before it is waited for.
    package static let dataByteCount = 1024 * 1024
    /// 47 s of 44.1 kHz mono: no engine sends that in one piece.
    package static let payloadByteCount = 4 * 1024 * 1024
}
