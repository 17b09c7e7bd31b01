import Net

/// What a browser on this machine meets.
struct PlayerFacts: Hashable, Sendable {
    var url: String
    var isRunning: Bool
    /// Whether the server is this machine's.
    var isLocal: Bool
    /// With its token; nil where this machine does not know it.
    var link: String?
    /// Whether the token may be shown.
    var showsSecrets: Bool

    var findings: [Finding] { isRunning ? [page, context] : [] }

    private var page: Finding {
        guard let link else {
            return .note(
                "player", "its link is known on the machine that runs the server", .run("hearsay doctor", "There"))
        }
        if showsSecrets { return .ok("player", link) }
        let path = link.prefix { $0 != "#" }
        return .ok("player", "\(path); its token is shown on a terminal only")
    }

    /// Browsers withhold the audio worklet, microphones and more from a page that could have been changed on its way
    /// (W3C Secure Contexts, section 3.1: `https`, and loopback by any scheme).
    private var context: Finding {
        if isSecure { return .ok("browser", "any current one: the page is a secure context") }
        return .warning(
            "browser", "plain HTTP from another machine is no secure context: sound is less even, microphones are off",
            .run("ssh -NL 7780:\(authority) \(host)", "Reach it as 127.0.0.1"))
    }

    private var isSecure: Bool {
        guard let parts = try? URLParts(url) else { return false }
        return parts.isSecure || SocketAddress(host: parts.host, port: parts.port).isLoopback
    }

    private var host: String { (try? URLParts(url))?.host ?? "SERVER" }

    private var authority: String { "127.0.0.1:\((try? URLParts(url))?.port ?? 7780)" }

    static func read(_ circumstances: Circumstances) -> PlayerFacts {
        PlayerFacts(
            url: circumstances.server.url, isRunning: circumstances.server.reach == .answers,
            isLocal: circumstances.isLocal, link: circumstances.server.playerLink,
            showsSecrets: circumstances.showsSecrets)
    }
}
