/// A range of IP addresses that share their first bits, such as `10.0.0.0/8`; one address is such a range too.
package struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    private let address: IPAddress
    private let bits: Int

    private init(_ address: IPAddress, bits: Int) {
        self.address = address.masked(bits)
        self.bits = bits
    }

    /// - Parameter text: `192.0.2.7`, `10.0.0.0/8` or `fd00::/8`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0]))?.unmapped else { return nil }
        let width = address.bytes.count * 8
        guard parts.count == 2 else {
            self.init(address, bits: width)
            return
        }
        guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ HTTPSyntax.decimal($0) != nil }),
            let bits = Int(parts[1]), bits <= width
        else { return nil }
        self.init(address, bits: bits)
    }

    /// What belongs to one customer of a network: an IPv4 address, or the /64 around an IPv6 address, of which one
    /// machine has as many as it likes (RFC 4291, section 2.5.4).
    ///
    /// - Parameter host: A literal address; nil for a name.
    package init?(around host: String) {
        guard let address = IPAddress(host)?.unmapped else { return nil }
        self.init(address, bits: address.isVersion4 ? 32 : 64)
    }

    /// - Parameter host: A literal address; names belong to no network.
    package func contains(_ host: String) -> Bool {
        guard let other = IPAddress(host)?.unmapped, other.bytes.count == address.bytes.count else { return false }
        return other.masked(bits) == address
    }

    package var description: String { "\(address.text)/\(bits)" }
}

extension IPAddress {
    /// The same address with all bits behind the first so many zero.
    fileprivate func masked(_ bits: Int) -> IPAddress {
        let masked = bytes.enumerated().map { index, byte in
            let kept = min(8, max(0, bits - index * 8))
            return byte & UInt8(truncatingIfNeeded: 0xFF00 >> kept)
        }
        return IPAddress(bytes: masked)
    }
}
