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

    /// Those by which others can reach this machine.
    static func all() -> [Interface] {
        InterfaceAddresses.named().map { Interface(name: $0.interface, address: $0.address) }
    }

    /// Whether a server of that host runs here.
    static func isOurs(_ host: String) -> Bool {
        if SocketAddress(host: host, port: 0).isLoopback || host == "0.0.0.0" || host == "::" { return true }
        let ownName = NetworkFacts.machineName.lowercased()
        let name = host.lowercased()
        return name == ownName || name == ownName + ".local" || all().contains { $0.address == host }
    }
}
