import JSON
import Remote

extension HearCommand {
    /// What several servers are for.
    enum Mode: String, CaseIterable, Sendable {
        /// One hears; where it cannot be reached, the next one.
        case first
        /// All hear everything.
        case all
        /// As `first`, beginning with the one that has least to do.
        case balance
    }

    /// Those of every command, with several servers.
    static let clientOptions: [Option] = Option.client.map { option in
        switch option.name {
        case "server": .values("server", "URL", "which servers; default: this machine's")
        case "token": .values("token", "TOKEN", "who asks, one for all servers or one for each")
        default: option
        }
    }

    /// The servers that are named, each with its token and what is known of its certificate.
    static func servers(_ invocation: Invocation) throws -> [ServerAddress] {
        let names = invocation.arguments.strings("server")
        let tokens = invocation.arguments.strings("token")
        guard tokens.count <= 1 || tokens.count == names.count else {
            if names.isEmpty { throw UsageError.missingOption("--server", with: "--token") }
            throw UsageError.unequal("--token", tokens.count, "--server", names.count)
        }
        guard names.count > 1 else { return [try Settings(invocation).server] }
        return try names.enumerated().map { index, name in
            var one = invocation
            one.arguments.values["server"] = [name]
            if tokens.count > 1 { one.arguments.values["token"] = [tokens[index]] }
            return try Settings(one).server
        }
    }

    /// Those with the fewest sources first; those that do not answer last.
    static func byLoad(_ servers: [ServerAddress]) async -> [ServerAddress] {
        await withTaskGroup(of: (Int, Int).self) { group in
            for (index, server) in servers.enumerated() {
                group.addTask {
                    let status = try? await ServerRequests(server).get("/status")
                    return (status?["sources"]?.whole ?? .max, index)
                }
            }
            var loads: [(Int, Int)] = []
            for await load in group { loads.append(load) }
            return loads.sorted { $0 < $1 }.map { servers[$0.1] }
        }
    }
}

extension ServerAddress {
    /// Host and port.
    var shortName: String { url.split(separator: "/").last.map(String.init) ?? url }
}
