import Glibc

/// What the process was started with: its variables and the user's folders.
struct Environment: Sendable {
    var variables: [String: String]
    /// The user's home as the system knows it, for when `HOME` is not set.
    var accountHome: String

    init(variables: [String: String], accountHome: String = "/") {
        self.variables = variables
        self.accountHome = accountHome
    }

    /// The environment of this process.
    static var process: Environment {
        var variables: [String: String] = [:]
        for name in names { variables[name] = unsafe getenv(name).map { unsafe String(cString: $0) } }
        for (name, value) in KnownSecrets.environment() where isEngineKey(name) { variables[name] = value }
        return Environment(variables: variables.filter { !$0.value.isEmpty }, accountHome: homeOfAccount())
    }

    /// Whether a variable holds the key of a speech engine elsewhere.
    private static func isEngineKey(_ name: String) -> Bool {
        name.hasPrefix("HEARSAY_ENGINE_") && name.hasSuffix("_KEY")
    }

    private static let names = [
        "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "HEARSAY_SERVER", "HEARSAY_TOKEN", "HEARSAY_DATA", "HEARSAY_LOG",
        "HEARSAY_CA_FILE", "HEARSAY_FINGERPRINT", "TTS_PORT",
        "NO_COLOR", "TERM", "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
        "no_proxy", "NO_PROXY",
    ]

    /// A value that is set and not empty.
    subscript(_ name: String) -> String? { variables[name] }

    /// The user's home folder.
    var home: String { variables["HOME"] ?? accountHome }

    /// Where the configuration file lies (XDG Base Directory Specification).
    var configurationPath: String { (variables["XDG_CONFIG_HOME"] ?? home + "/.config") + "/hearsay/config" }

    /// Where the certificates of servers are noted that a person has accepted, beside the configuration file.
    var knownServersPath: String { String(configurationPath.dropLast("config".count)) + "known_servers" }

    /// Where the data folder lies unless something else is asked for.
    var defaultDataFolder: String {
        variables["HEARSAY_DATA"] ?? (variables["XDG_DATA_HOME"] ?? home + "/.local/share") + "/hearsay"
    }

    private static func homeOfAccount() -> String {
        guard let account = unsafe getpwuid(getuid()), let folder = unsafe account.pointee.pw_dir else { return "/" }
        return unsafe String(cString: folder)
    }
}
