/// Base64 with padding (RFC 4648, section 4).
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Encodes bytes, padded with `=`.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word: UInt32 = 0
            for index in 0..<3 {
                let byte = index < group.count ? group[start + index] : 0
                word = word << 8 | UInt32(byte)
            }
            for index in 0..<4 {
                let digit = Int(word >> UInt32(18 - 6 * index)) & 63
                text.append(index <= group.count ? alphabet[digit] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether `text` encodes exactly 16 bytes, as the key of a handshake must.
    static func isSixteenBytes(_ text: String) -> Bool {
        let digits = Array(text.utf8)
        return digits.count == 24 && digits[22...] == [UInt8(ascii: "="), UInt8(ascii: "=")]
            && digits[..<22].allSatisfy { alphabet.contains($0) }
    }
}
