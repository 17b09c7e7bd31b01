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

    /// - Returns: Nil unless `text` is whole groups of four letters, the last one padded if need be, and nothing else.
    package static func decode(_ text: String) -> [UInt8]? {
        let letters = Array(text.utf8)
        let padding = letters.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard letters.count.isMultiple(of: 4) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(letters.count / 4 * 3)
        var (word, count): (UInt32, Int) = (0, 0)
        for letter in letters.dropLast(padding) {
            let value = values[Int(letter)]
            guard value < 64 else { return nil }
            word = word << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(count)))
            word &= 1 << UInt32(count) - 1
        }
        return word == 0 ? bytes : nil
    }

    /// What each byte stands for; 64 for what is no letter.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 64, count: 256)
        for (index, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(index) }
        return values
    }()

    /// Whether `text` encodes exactly 16 bytes, as the key of a handshake must.
    static func isSixteenBytes(_ text: String) -> Bool {
        let digits = Array(text.utf8)
        return digits.count == 24 && digits[22...] == [UInt8(ascii: "="), UInt8(ascii: "=")]
            && digits[..<22].allSatisfy { alphabet.contains($0) }
    }
}
