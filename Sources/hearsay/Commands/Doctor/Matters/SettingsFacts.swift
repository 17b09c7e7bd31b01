import Glibc

/// The configuration file, and what the environment says to Hearsay and to programs like it.
struct SettingsFacts: Hashable, Sendable {
    var path: String
    var mistakes: [ConfigurationFile.Problem] = []
    /// Why the file was not read; nil if it was.
    var problem: SmallFile.Problem?
    var keys: [String] = []
    var status: FileStatus?
    /// Names of variables that are set.
    var variables: [String] = []
    /// The proxy for HTTP, without its password.
    var proxy: String?
    /// Hosts that go without a proxy.
    var withoutProxy: [String] = []
    /// Whether the server is on this machine.
    var isLocal = true

    var findings: [Finding] { [file, openFile, environment, proxyFinding].compactMap { $0 } }

    private var file: Finding? {
        if let problem {
            guard problem != .absent else { return variables.isEmpty ? .ok("settings", "none; defaults hold") : nil }
            return .problem(
                "settings", "\(path) cannot be read: \(problem)", .usage, .run("ls -l \(path.shellWord)", "See why"))
        }
        guard mistakes.isEmpty else {
            return .problem(
                "settings", "\(path): \(mistakes.map(\.description).joined(separator: "; "))", .usage,
                .run(
                    "${EDITOR:-nano} \(path.shellWord)",
                    "Its keys are \(ConfigurationFile.keys.joined(separator: ", "))"))
        }
        let sets = keys.isEmpty ? "sets nothing" : "sets \(keys.joined(separator: ", "))"
        return .ok("settings", "\(path) \(sets)")
    }

    private var openFile: Finding? {
        guard keys.contains(where: { $0 == "token" || ConfigurationFile.isEngineKey($0) }), let status,
            status.isOpenToOthers
        else { return nil }
        return .warning(
            "settings", "the secrets in the file can be read by others (mode \(status.mode))",
            .run("chmod 600 \(path.shellWord)", "Keep it to yourself"))
    }

    private var environment: Finding? {
        variables.isEmpty ? nil : .ok("settings", "set in the environment: \(variables.joined(separator: ", "))")
    }

    /// Hearsay itself uses none; a browser or curl started from here would.
    private var proxyFinding: Finding? {
        guard let proxy, isLocal, !withoutProxy.contains(where: { ["127.0.0.1", "localhost", "*"].contains($0) })
        else { return nil }
        return .note(
            "proxy", "\(proxy) is set; Hearsay goes without, but curl and browsers may ask it for this machine",
            .run("export no_proxy=127.0.0.1,localhost", "Leave it out"))
    }

    static func read(_ circumstances: Circumstances) -> SettingsFacts {
        let reading = circumstances.configuration
        let environment = circumstances.settings.environment
        var facts = SettingsFacts(path: reading.path, mistakes: reading.mistakes, problem: reading.problem)
        facts.keys = reading.file.values.keys.sorted()
        facts.status = FileStatus(reading.path)
        facts.variables = environment.variables.keys.filter { $0.hasPrefix("HEARSAY_") }.sorted()
        let proxy = environment["http_proxy"] ?? environment["all_proxy"] ?? environment["ALL_PROXY"]
        facts.proxy = proxy.map(Redactor.withoutUserInfo)
        let exceptions = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        facts.withoutProxy = exceptions.split(separator: ",").map { String($0.filter { !$0.isWhitespace }) }
        facts.isLocal = circumstances.isLocal
        return facts
    }
}

extension Environment {
    /// The name of the account.
    var userName: String {
        guard let account = unsafe getpwuid(geteuid()), let name = unsafe account.pointee.pw_name else { return "USER" }
        return unsafe String(cString: name)
    }
}
