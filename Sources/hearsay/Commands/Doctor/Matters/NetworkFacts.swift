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

    /// Whether other machines are answered with TLS.
    var hasTLS = true
    /// Where this machine's own programs reach the server.
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
            .run("hearsay serve --listen 0.0.0.0:\(port)", "For phones, with TLS"))
    }

    private func open(_ outside: [Interface]) -> Finding {
        let urls = listening.filter(\.isOpenToOthers).flatMap { socket in
            let hosts = outside.filter { fits(socket, $0) }.map(\.host)
            return ((hosts.isEmpty ? [] : [name].compactMap { $0 }) + hosts).map { url($0, socket) }
        }
        let shown = urls.isEmpty ? "no address of this machine's network" : urls.joined(separator: " or ")
        if hasTLS {
            return .ok("phone", "reaches \(shown); a certificate of Hearsay's own brings one warning, to be accepted")
        }
        return .warning(
            "phone", "reaches \(shown), readable for all on the way and with less even sound",
            .run("hearsay stop && hearsay serve --listen 0.0.0.0:\(port)", "Leave --insecure-http out"))
    }

    private func url(_ host: String, _ socket: ListeningSocket) -> String {
        "\(hasTLS ? "https" : "http")://\(host):\(socket.address.port)"
    }

    /// `::` takes IPv4 too, as the server opens it.
    private func fits(_ socket: ListeningSocket, _ interface: Interface) -> Bool {
        switch socket.address.host {
        case "::": true
        case "0.0.0.0": !interface.address.contains(":")
        default: socket.address.host == interface.address
        }
    }

    private var name: String? { isAnnounced && !machine.isEmpty ? machine + ".local" : nil }

    private var openPort: Int { listening.first(where: \.isOpenToOthers)?.address.port ?? port }

    private var firewallFinding: Finding? {
        switch firewall {
        case nil: nil
        case .ufw: .note("firewall", "ufw is on", .run("sudo ufw allow \(openPort)/tcp", "Let others in"))
        case .firewalld:
            .note(
                "firewall", "firewalld is on",
                .run(
                    "sudo firewall-cmd --permanent --add-port=\(openPort)/tcp && sudo firewall-cmd --reload",
                    "Let others in"))
        case .nftables:
            .note(
                "firewall", "nftables has rules, which only root may read",
                .run("sudo nft list ruleset | grep -n \(openPort)", "Is the port among them?"))
        }
    }
}

extension NetworkFacts {
    /// What the machine calls itself, without a domain.
    static var machineName: String { String((HostCheck.machineName() ?? "").prefix { $0 != "." }) }

    static func read(_ circumstances: Circumstances) -> NetworkFacts {
        var facts = NetworkFacts(port: (try? URLParts(circumstances.server.url))?.port ?? 7780)
        guard circumstances.server.reach == .answers else { return facts }
        let folder = circumstances.settings.dataFolder
        facts.hasTLS = folder.shownFingerprint != nil
        facts.listening = listening(folder.holder, port: facts.port)
        facts.interfaces = Interface.all()
        facts.machine = machineName
        facts.isAnnounced = unsafe access("/run/avahi-daemon/socket", F_OK) == 0
        facts.firewall = firewall()
        facts.user = circumstances.settings.environment.userName
        return facts
    }

    /// All the sockets of a server that this user may look into, else those on the port.
    private static func listening(_ process: Int?, port: Int) -> [ListeningSocket] {
        let all = ListeningSocket.all()
        let links = process.map { process in
            FileStatus.names(in: "/proc/\(process)/fd").compactMap {
                FileStatus.target(ofLink: "/proc/\(process)/fd/\($0)")
            }
        }
        let own = all.filter { links?.contains($0.link) == true }
        return own.isEmpty ? all.filter { $0.address.port == port } : own
    }

    private static func firewall() -> Firewall? {
        if let text = try? SmallFile.read("/etc/ufw/ufw.conf"), text.contains("\nENABLED=yes") { return .ufw }
        if unsafe access("/run/firewalld", F_OK) == 0 { return .firewalld }
        let isLoadedAtStart = unsafe access("/etc/systemd/system/sysinit.target.wants/nftables.service", F_OK) == 0
        return isLoadedAtStart ? .nftables : nil
    }
}
