/// What a Host field and an absolute target name: a host, and perhaps a port (RFC 3986, section 3.2).
enum AuthoritySyntax {
    /// Whether `text` is one; an empty text is, since a Host field may be empty (RFC 9112, section 3.2).
    ///
    /// A comma is refused although names may have one: some readers take it for a second host.
    static func isValid(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first else { return true }
        let end = first == UInt8(ascii: "[") ? endOfAddress(bytes) : endOfName(bytes)
        guard let end, end > bytes.startIndex else { return false }
        let port = bytes[end...]
        return port.isEmpty || port.first == HTTPSyntax.colon && port.dropFirst().allSatisfy { isDigit($0) }
    }

    /// Behind the bracket that closes an address.
    private static func endOfAddress(_ bytes: String.UTF8View) -> String.Index? {
        guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
        let address = bytes[..<close].dropFirst()
        let isAddress = !address.isEmpty && address.allSatisfy { isName($0) || $0 == HTTPSyntax.colon }
        return isAddress ? bytes.index(after: close) : nil
    }

    /// Behind the name, if nothing but a port can follow.
    private static func endOfName(_ bytes: String.UTF8View) -> String.Index? {
        let end = bytes.firstIndex(of: HTTPSyntax.colon) ?? bytes.endIndex
        return bytes[..<end].allSatisfy { isName($0) } ? end : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { HTTPSyntax.decimal(byte) != nil }

    /// RFC 3986, sections 2.1 to 2.3: unreserved characters, sub-delimiters and the sign of an escape.
    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~!$&'()*+;=%".utf8.contains(byte)
        }
    }
}
