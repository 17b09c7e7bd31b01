internal import Glibc

/// Where a server of Wyoming events listens.
package enum EngineAddress: Hashable, Sendable {
    case unix(path: String)
    case tcp(host: String, port: UInt16)

    /// Reads `unix:/path` or `tcp://host:port`, the forms that Wyoming servers themselves take.
    package init?(_ text: String) {
        if let path = Self.rest(of: text, after: "unix://") ?? Self.rest(of: text, after: "unix:"), !path.isEmpty {
            self = .unix(path: path)
            return
        }
        guard let place = Self.rest(of: text, after: "tcp://"), let colon = place.lastIndex(of: ":"),
            let port = UInt16(place[place.index(after: colon)...]), port > 0
        else { return nil }
        let host = place[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
        guard !host.isEmpty else { return nil }
        self = .tcp(host: String(host), port: port)
    }

    private static func rest(of text: String, after scheme: String) -> String? {
        text.hasPrefix(scheme) ? String(text.dropFirst(scheme.count)) : nil
    }
}

extension EngineAddress: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(let host, let port): host.contains(":") ? "tcp://[\(host)]:\(port)" : "tcp://\(host):\(port)"
        }
    }
}

/// A path as the system wants it for a socket.
enum UnixAddress {
    /// The size of `sun_path`, with its closing zero.
    static let pathByteCount = 108

    /// Calls `body` with the address of `path`.
    static func with<Result>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) throws(TransportError) -> Result {
        let bytes = Array(path.utf8)
        guard bytes.count < pathByteCount else { throw .pathTooLong }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
            for (index, byte) in bytes.enumerated() { unsafe place[index] = byte }
        }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe body(pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
