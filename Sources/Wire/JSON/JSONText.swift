private import FoundationEssentials
package import JSON

/// JSON as it travels: UTF-8, members in alphabetical order, so that equal values have equal bytes.
package enum JSONText {
    /// Deeper values are refused, so that no reader runs out of stack.
    package static let depthLimit = 32
    /// More digits are refused; a 64-bit number needs 24 characters.
    package static let numberLengthLimit = 64

    /// Writes a value.
    ///
    /// Without Foundation, whose encoder takes ten times as long: this is most of what is sent.
    package static func bytes(_ value: JSONValue) -> [UInt8] { value.bytes }

    /// Writes a value of any other type.
    package static func bytes(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            return Array(try encoder.encode(value))
        } catch {
            preconditionFailure("a value of ours has a JSON form: \(error)")
        }
    }

    /// Reads a value made by Hearsay or anybody else.
    ///
    /// - Throws: `invalidUTF8`, `invalidJSON` or `tooComplex`; a member that `Value` needs and is absent counts as
    ///   invalid too.
    package static func value<Value: Decodable>(
        _ type: Value.Type = Value.self, of bytes: [UInt8]
    ) throws(WireError) -> Value {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .invalidUTF8 }
        guard JSONScan(bytes).isBounded else { throw .tooComplex }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw .invalidJSON
        }
    }
}
