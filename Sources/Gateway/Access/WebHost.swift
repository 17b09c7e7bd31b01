/// A host and port as `Host` and `Origin` name them: lower case, no brackets, no dot at the end.
package struct WebHost: Hashable, Sendable {
    /// A name or a literal address.
    package let name: String
    /// nil where none is named, that is, the scheme's own.
    package let port: Int?

    package init(name: String, port: Int?) {
        self.name = name
        self.port = port
    }

    /// - Parameter text: `name`, `name:port`, `[address]` or `[address]:port`; nil for anything else.
    package init?(_ text: String) {
        var rest = text.lowercased()[...]
        var name: Substring
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            name = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...]
            guard name.utf8.allSatisfy({ Self.isAddressByte($0) }), name.contains(":") else { return nil }
        } else {
            name = rest.prefix { $0 != ":" }
            rest = rest[name.endIndex...]
            if name.hasSuffix(".") { name = name.dropLast() }
            guard name.utf8.allSatisfy({ Self.isNameByte($0) }) else { return nil }
        }
        guard !name.isEmpty, let port = Self.port(rest) else { return nil }
        self.init(name: String(name), port: port.number)
    }

    /// - Parameter text: Empty, or a colon and 1 to 5 digits.
    private static func port(_ text: Substring) -> (number: Int?, Void)? {
        if text.isEmpty { return (nil, ()) }
        let digits = text.dropFirst()
        guard text.first == ":", (1...5).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(digits), number <= 65_535
        else { return nil }
        return (number, ())
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }
}
