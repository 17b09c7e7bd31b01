private import Glibc
package import Net

/// Whether a request was meant for this server.
///
/// A page of a foreign site can make its own name point at this machine; then `Host` still carries that name. A literal
/// address cannot be made to point elsewhere, so it is always welcome.
package struct HostCheck: Sendable {
    private let names: Set<String>

    /// - Parameters:
    ///   - machineName: What the machine calls itself; also welcome with `.local`.
    ///   - names: Given with `--host` and `--public-url`.
    package init(machineName: String? = HostCheck.machineName(), names: [String] = []) {
        var all: Set<String> = ["localhost"]
        if let machineName = machineName?.lowercased(), !machineName.isEmpty {
            let first = String(machineName.prefix { $0 != "." })
            all.formUnion([machineName, first, first + ".local"])
        }
        for name in names { all.insert((WebHost(name)?.name ?? name).lowercased()) }
        self.names = all
    }

    /// - Returns: The host that the request names; nil if it is foreign, malformed, missing or named twice.
    package func host(of request: HTTPRequest) -> WebHost? {
        let values = request.fields.all("Host")
        guard values.count == 1, let host = WebHost(values[0]), accepts(host) else { return nil }
        return host
    }

    /// The port is not looked at: tunnels and proxies have their own.
    package func accepts(_ host: WebHost) -> Bool {
        names.contains(host.name) || Self.isLiteralAddress(host.name)
    }

    /// What `hostname` prints.
    package static func machineName() -> String? {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func isLiteralAddress(_ name: String) -> Bool {
        var address = in6_addr()
        return unsafe inet_pton(name.contains(":") ? AF_INET6 : AF_INET, name, &address) == 1
    }
}
