/// Percent-encoding of URLs (RFC 3986, section 2.1).
package enum PercentCoding {
    /// The text behind `encoded`; nil if an escape is broken, hides a zero byte, or the result is not UTF-8.
    package static func decode(_ encoded: Substring, plusIsSpace: Bool = false) -> String? {
        guard encoded.utf8.contains(UInt8(ascii: "%")) || plusIsSpace else { return String(encoded) }
        var bytes: [UInt8] = []
        var rest = encoded.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(HTTPSyntax.hexadecimal),
                    let low = rest.next().flatMap(HTTPSyntax.hexadecimal), high + low > 0
                else { return nil }
                bytes.append(UInt8(high << 4 | low))
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(HTTPSyntax.space)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// `text` with everything but letters, digits and `-._~` escaped.
    package static func encode(_ text: String) -> String {
        let digits: [UInt8] = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes.append(contentsOf: [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
