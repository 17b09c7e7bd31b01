import Gateway
import JSON
import Net

/// The doors for clients of other systems: those that are open, and those that the configuration file asks for.
struct DoorFacts: Hashable, Sendable {
    struct Door: Hashable, Sendable {
        var name: String
        var address: String

        var shown: String { "\(name) at \(address)" }
    }

    /// A door of the file that no server has opened.
    struct Closed: Hashable, Sendable {
        var door: Door
        /// Who listens on its port; nil where that is free.
        var holder: PortFacts.Holder?
    }

    /// As the server that runs tells.
    var open: [Door] = []
    /// What the server warns of.
    var warnings: [String] = []
    var closed: [Closed] = []
    var isServerRunning = false

    var findings: [Finding] {
        var findings = warnings.map { Finding.warning("doors", $0) }
        if !open.isEmpty { findings.insert(.ok("doors", "open: " + open.map(\.shown).joined(separator: ", ")), at: 0) }
        let free = closed.filter { $0.holder == nil }.map(\.door.shown)
        if !free.isEmpty { findings.append(notOpen(free.joined(separator: ", "))) }
        return findings + closed.compactMap(taken)
    }

    private func notOpen(_ doors: String) -> Finding {
        isServerRunning
            ? .note(
                "doors", "not open yet: \(doors); the file asks for it since the server started",
                .run("hearsay stop && hearsay serve", "Start the server again"))
            : .ok("doors", "can open: \(doors)")
    }

    /// A server does not start unless all of its doors can be opened.
    private func taken(_ closed: Closed) -> Finding? {
        guard let holder = closed.holder else { return nil }
        let program = holder.process.map { "\($0.name), process \($0.id)," } ?? "a program of another user"
        let text = "\(closed.door.shown) cannot open: \(program) listens on \(holder.address)"
        let remedy = Finding.Remedy.advice("End that program, or give the door another address in the file.")
        return isServerRunning
            ? .warning("doors", text, remedy) : .problem("doors", text, .unreachable, remedy)
    }

    static func read(_ circumstances: Circumstances) -> DoorFacts {
        let status = circumstances.server.status
        let told = status?["doors"]?.elements ?? []
        var facts = DoorFacts(isServerRunning: circumstances.server.reach == .answers)
        facts.open = told.map { Door(name: $0.shown("name"), address: $0.shown("address")) }
        facts.warnings = told.compactMap { $0["warning"]?.text }
        let wanted = circumstances.serveFile?.reading.options.aliases ?? []
        guard !wanted.isEmpty else { return facts }
        let sockets = ListeningSocket.all()
        for alias in wanted where alias.address.port != 0 {
            let door = Door(name: alias.name.rawValue, address: alias.address.description)
            let socket = sockets.first { $0.holds(alias.address) }
            let holder = socket.map {
                PortFacts.Holder(address: $0.address, process: ProcessName.holder(of: $0))
            }
            guard !facts.open.contains(door), holder?.process?.name != "hearsay" else { continue }
            facts.closed.append(Closed(door: door, holder: holder))
        }
        return facts
    }
}

extension ListeningSocket {
    /// Whether nobody else can listen there.
    func holds(_ other: SocketAddress) -> Bool {
        address.port == other.port && (address.host == other.host || address.isWildcard || other.isWildcard)
    }
}
