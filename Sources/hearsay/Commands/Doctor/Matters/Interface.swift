import Glibc
import Net

/// An address of this machine.
struct Interface: Hashable, Sendable {
    /// Such as `eth0`.
    var name: String
    /// A literal address.
    var address: String

    /// Bridges and cables of containers and virtual machines lead to no phone.
    var leadsOutside: Bool {
        !["docker", "veth", "br-", "virbr", "lxc", "cni"].contains { name.hasPrefix($0) }
    }

    /// The address as it stands in a URL.
    var host: String { address.contains(":") ? "[\(address)]" : address }

    /// Those that are up and reach other machines: no loopback, and no IPv6 address that holds on one cable only.
    static func all() -> [Interface] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&list) == 0 else { return [] }
        defer { unsafe freeifaddrs(list) }
        var found: [Interface] = []
        var entry = unsafe list
        while let interface = unsafe entry?.pointee {
            unsafe entry = interface.ifa_next
            let flags = unsafe interface.ifa_flags
            guard flags & UInt32(IFF_UP) != 0, flags & UInt32(IFF_LOOPBACK) == 0,
                let address = unsafe interface.ifa_addr, let text = unsafe literal(address), !text.hasPrefix("fe80")
            else { continue }
            found.append(Interface(name: unsafe String(cString: interface.ifa_name), address: text))
        }
        return found
    }

    /// Whether a server of that host runs here.
    static func isOurs(_ host: String) -> Bool {
        if SocketAddress(host: host, port: 0).isLoopback || host == "0.0.0.0" || host == "::" { return true }
        let ownName = NetworkFacts.machineName.lowercased()
        let name = host.lowercased()
        return name == ownName || name == ownName + ".local" || all().contains { $0.address == host }
    }

    private static func literal(_ address: UnsafeMutablePointer<sockaddr>) -> String? {
        let family = unsafe Int32(address.pointee.sa_family)
        guard family == AF_INET || family == AF_INET6 else { return nil }
        let length = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
        var host = [CChar](repeating: 0, count: 64)
        let status = unsafe getnameinfo(
            address, socklen_t(length), &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST)
        guard status == 0 else { return nil }
        return String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
