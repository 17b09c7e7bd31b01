import Gateway
import Glibc
import Net

/// What a phone or another computer on the network would meet.
struct NetworkFacts: Hashable, Sendable {
    enum Firewall: Hashable, Sendable {
        case ufw, firewalld
        /// Rules of nftables are loaded at the start of the system; only root may read them.
        case nftables
    }

    var scheme = "http"
    var port: Int
    /// Where the server listens; empty when it does not run.
    var listening: [ListeningSocket] = []
    var interfaces: [Interface] = []
    var machine = ""
    /// Whether the machine tells its name to its neighbours (`name.local`).
    var isAnnounced = false
    var firewall: Firewall?
    var user = ""

    var findings: [Finding] {
        guard !listening.isEmpty else { return [] }
        let outside = interfaces.filter(\.leadsOutside)
        guard !outside.isEmpty else { return [.note("phone", "this machine is on no network")] }
        guard listening.contains(where: \.isOpenToOthers) else { return [closed(outside)] }
        return [open(outside), firewallFinding].compactMap { $0 }
    }

    private func closed(_ outside: [Interface]) -> Finding {
        let address = name ?? outside[0].host
        return .note(
            "phone", "none reaches it: the server listens on this machine alone",
            .run("ssh -NL \(port):127.0.0.1:\(port) \(user.shellWord)@\(address)", "From another computer"),
            .run("hearsay help serve", "A phone needs --listen 0.0.0.0:\(port); read"))
    }

    private func open(_ outside: [Interface]) -> Finding {
        let reached = outside.filter { interface in
            listening.contains { $0.isForAll && fits($0, interface) || $0.address.host == interface.address }
        }
        let hosts = [name].compactMap { $0 } + reached.map(\.host)
        let urls = hosts.map { "\(scheme)://\($0):\(port)" }.joined(separator: " or ")
        if scheme == "https" {
            return .ok("phone", "reaches \(urls); a certificate of our own brings one warning, to be accepted once")
        }
        return .warning(
            "phone", "reaches \(urls), readable for all on the way and without even sound",
            .run(
                "ssh -NL \(port):127.0.0.1:\(port) \(user.shellWord)@\(hosts.first ?? machine)",
                "From a computer, safer"))
    }

    /// `::` takes IPv4 too, as the server opens it.
    private func fits(_ socket: ListeningSocket, _ interface: Interface) -> Bool {
        socket.address.host == "::" || !interface.address.contains(":")
    }

    private var name: String? { isAnnounced && !machine.isEmpty ? machine + ".local" : nil }

    private var firewallFinding: Finding? {
        switch firewall {
        case nil: nil
        case .ufw: .note("firewall", "ufw is on", .run("sudo ufw allow \(port)/tcp", "Let others in"))
        case .firewalld:
            .note(
                "firewall", "firewalld is on",
                .run(
                    "sudo firewall-cmd --permanent --add-port=\(port)/tcp && sudo firewall-cmd --reload",
                    "Let others in"))
        case .nftables:
            .note(
                "firewall", "nftables has rules, which only root may read",
                .run("sudo nft list ruleset | grep -n \(port)", "Is the port among them?"))
        }
    }
}

extension NetworkFacts {
    /// What the machine calls itself, without a domain.
    static var machineName: String { String((HostCheck.machineName() ?? "").prefix { $0 != "." }) }

    static func read(_ circumstances: Circumstances) -> NetworkFacts {
        let parts = try? URLParts(circumstances.server.url)
        var facts = NetworkFacts(port: parts?.port ?? 7780)
        facts.scheme = parts?.isSecure == true ? "https" : "http"
        guard circumstances.server.reach == .answers else { return facts }
        facts.listening = ListeningSocket.all().filter { $0.address.port == facts.port }
        facts.interfaces = Interface.all()
        facts.machine = machineName
        facts.isAnnounced = unsafe access("/run/avahi-daemon/socket", F_OK) == 0
        facts.firewall = firewall()
        facts.user = circumstances.settings.environment.userName
        return facts
    }

    private static func firewall() -> Firewall? {
        if let text = try? SmallFile.read("/etc/ufw/ufw.conf"), text.contains("\nENABLED=yes") { return .ufw }
        if unsafe access("/run/firewalld", F_OK) == 0 { return .firewalld }
        let isLoadedAtStart = unsafe access("/etc/systemd/system/sysinit.target.wants/nftables.service", F_OK) == 0
        return isLoadedAtStart ? .nftables : nil
    }
}
