/// Why a text is no address.
package enum AddressError: Error, Hashable {
    case malformed(String)
}

/// An IP address or host name, and a port.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// Without brackets; as a peer, always a literal, IPv4 where it came as IPv4 inside IPv6.
    package var host: String
    /// 0 lets the system choose.
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Whether it stays on this machine: 127.0.0.0/8, ::1 and `localhost`.
    package var isLoopback: Bool {
        if host == "::1" || host.lowercased() == "localhost" { return true }
        return host.hasPrefix("127.") && IPAddress(host)?.isVersion4 == true
    }

    /// Whether it stands for all addresses of this machine.
    package var isWildcard: Bool { host == "0.0.0.0" || host == "::" }

    /// `127.0.0.1:7780`, `[::1]:7780`.
    package var description: String { "\(Self.bracketed(host)):\(port)" }

    /// A host as URLs write it.
    static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }

    /// Reads `127.0.0.1:7780`, `[::1]:7780` or `localhost:0`.
    package static func parse(_ text: String) throws(AddressError) -> SocketAddress {
        guard let colon = text.lastIndex(of: ":") else { throw .malformed(text) }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ HTTPSyntax.decimal($0) != nil }),
            let port = Int(digits), port <= 65535
        else { throw .malformed(text) }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard IPAddress(String(host))?.isVersion4 == false else { throw .malformed(text) }
        } else if host.isEmpty || !host.utf8.allSatisfy({ isHostByte($0) }) {
            throw .malformed(text)
        }
        return SocketAddress(host: String(host), port: port)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
