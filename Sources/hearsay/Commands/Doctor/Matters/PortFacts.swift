import Net

/// Who listens on the port that is asked for.
struct PortFacts: Hashable, Sendable {
    struct Holder: Hashable, Sendable {
        var address: SocketAddress
        /// nil for a process of another user.
        var process: ProcessName?
    }

    var port: Int
    var holders: [Holder] = []
    var serverAnswers = false

    var findings: [Finding] {
        guard let first = holders.first else { return [.ok("port", "\(port) is free")] }
        let addresses = holders.map(\.address.description).joined(separator: " and ")
        if serverAnswers || holders.allSatisfy({ $0.process?.name == "hearsay" }) {
            let process = first.process.map { ", process \($0.id)" } ?? ""
            return [.ok("port", "Hearsay listens on \(addresses)\(process)")]
        }
        let other = holders.first { $0.process?.name != "hearsay" } ?? first
        guard let process = other.process else {
            return [
                .problem(
                    "port", "a program of another user listens on \(addresses)", .unreachable,
                    .run("sudo ss -ltnp 'sport = :\(port)'", "See which"), elsewhere)
            ]
        }
        return [
            .problem(
                "port", "\(process.name), process \(process.id), listens on \(addresses)", .unreachable, elsewhere)
        ]
    }

    private var elsewhere: Finding.Remedy {
        .run("hearsay serve --listen 127.0.0.1:\(port == 65_535 ? port - 1 : port + 1)", "Use another port")
    }

    static func read(_ circumstances: Circumstances) -> PortFacts {
        let port = (try? URLParts(circumstances.server.url))?.port ?? 7780
        let sockets = ListeningSocket.all().filter { $0.address.port == port }
        return PortFacts(
            port: port,
            holders: sockets.map { Holder(address: $0.address, process: ProcessName.holder(of: $0)) },
            serverAnswers: circumstances.server.reach == .answers)
    }
}
