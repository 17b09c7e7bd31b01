import FoundationEssentials
package import JSON

/// One event as it stands on the wire: a type, a JSON object and bytes.
package struct RawEvent: Hashable, Sendable {
    /// What happened, such as `audio-chunk`.
    package var type: String
    /// The event's JSON; `data` of the header with the separate block merged over it.
    package var data: JSONObject
    /// The bytes that follow, such as PCM.
    package var payload: [UInt8]

    package init(type: String, data: JSONObject = [:], payload: [UInt8] = []) {
        self.type = type
        self.data = data
        self.payload = payload
    }

    /// The release of the protocol's reference package whose events these are; readers take it as a hint only.
    package static let version = "1.10.2"

    /// The event's bytes: header line, data block, payload.
    ///
    /// Data always goes into its own block, as the reference writer does, because header lines above 64 KiB are cut by
    /// its readers.
    ///
    /// - Throws: `invalidData` for a number that JSON cannot hold, `…TooLong` beyond the limits every reader has.
    package func encoded() throws(EventError) -> [UInt8] {
        let block = data.isEmpty ? [] : try Self.json(.object(data))
        if block.count > EventLimits.dataByteCount { throw .dataTooLong(byteCount: block.count) }
        if payload.count > EventLimits.payloadByteCount { throw .payloadTooLong(byteCount: payload.count) }
        var header: JSONObject = ["type": .string(type), "version": .string(Self.version)]
        if !block.isEmpty { header["data_length"] = .integer(block.count) }
        if !payload.isEmpty { header["payload_length"] = .integer(payload.count) }
        return try Self.json(.object(header)) + [UInt8(ascii: "\n")] + block + payload
    }

    private static func json(_ value: JSONValue) throws(EventError) -> [UInt8] {
        do {
            return [UInt8](try JSONEncoder().encode(value))
        } catch {
            throw .invalidData
        }
    }
}
