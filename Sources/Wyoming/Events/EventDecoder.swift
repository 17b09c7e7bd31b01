import FoundationEssentials
import JSON

/// Makes events of bytes that arrive in any pieces.
///
/// Feed with `append`, then take events with `next` until it returns nil. After an error nothing more can be read: every
/// further `next` throws the same.
package struct EventDecoder: Sendable {
    private var buffer: [UInt8] = []
    /// Where the unread part of `buffer` begins.
    private var start = 0
    /// How much of the unread part is known to hold no line end.
    private var searched = 0
    private var header: EventHeader?
    private var failure: EventError?

    package init() {}

    /// Whether bytes of an unfinished event are waiting for the rest.
    package var isWithinEvent: Bool { header != nil || start < buffer.count }

    /// Takes bytes as they came.
    package mutating func append(_ bytes: some Collection<UInt8>) {
        if start > 0, start == buffer.count || start > 64 * 1024 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole event, or nil when more bytes are needed.
    package mutating func next() throws(EventError) -> RawEvent? {
        if let failure { throw failure }
        do {
            return try takeEvent()
        } catch {
            failure = error
            buffer = []
            start = 0
            throw error
        }
    }

    private mutating func takeEvent() throws(EventError) -> RawEvent? {
        if header == nil { header = try takeHeader() }
        guard let header, buffer.count - start >= header.dataLength + header.payloadLength else { return nil }
        let data = buffer[start..<start + header.dataLength]
        let payload = buffer[start + header.dataLength..<start + header.dataLength + header.payloadLength]
        let event = RawEvent(type: header.type, data: try header.data(with: data), payload: [UInt8](payload))
        start += header.dataLength + header.payloadLength
        self.header = nil
        return event
    }

    private mutating func takeHeader() throws(EventError) -> EventHeader? {
        guard let end = buffer[(start + searched)...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = buffer.count - start
            if searched >= EventLimits.headerByteCount { throw .headerTooLong }
            return nil
        }
        if end - start >= EventLimits.headerByteCount { throw .headerTooLong }
        let line = buffer[start..<end]
        start = end + 1
        searched = 0
        return try EventHeader(line: line)
    }
}

/// The first line of an event.
struct EventHeader {
    let type: String
    let dataLength: Int
    let payloadLength: Int
    private let inlineData: JSONObject

    init(line: ArraySlice<UInt8>) throws(EventError) {
        guard case .object(let members)? = Self.json(line), let type = members["type"]?.text else {
            throw .invalidHeader
        }
        self.type = type
        dataLength = try Self.length(members["data_length"])
        payloadLength = try Self.length(members["payload_length"])
        inlineData = members["data"]?.members ?? [:]
        if dataLength > EventLimits.dataByteCount { throw .dataTooLong(byteCount: dataLength) }
        if payloadLength > EventLimits.payloadByteCount { throw .payloadTooLong(byteCount: payloadLength) }
    }

    /// The event's data: the separate block wins over what stands in the header.
    func data(with block: ArraySlice<UInt8>) throws(EventError) -> JSONObject {
        if block.isEmpty { return inlineData }
        guard case .object(let members)? = Self.json(block) else { throw .invalidData }
        return inlineData.merging(members) { _, new in new }
    }

    private static func length(_ value: JSONValue?) throws(EventError) -> Int {
        guard let value, value != .null else { return 0 }
        guard let length = value.whole, length >= 0 else { throw .invalidHeader }
        return length
    }

    private static func json(_ bytes: ArraySlice<UInt8>) -> JSONValue? {
        // nil is the whole answer: bytes that are no JSON have one meaning for every caller, a broken event.
        try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    }
}
