/// One option of a command.
struct Option: Hashable, Sendable {
    /// Without the dashes: `voice`.
    var name: String
    /// One letter behind a single dash.
    var short: Character?
    /// What stands for its value in the help, such as `NAME`; nil for a switch.
    var value: String?
    var isRepeatable = false
    /// Whether a running server takes a new value from its configuration file.
    var isLive = false
    var help: String

    static func flag(_ name: String, _ short: Character? = nil, _ help: String) -> Option {
        Option(name: name, short: short, help: help)
    }

    static func value(_ name: String, _ value: String, _ short: Character? = nil, _ help: String) -> Option {
        Option(name: name, short: short, value: value, help: help)
    }

    static func values(_ name: String, _ value: String, _ help: String) -> Option {
        Option(name: name, value: value, isRepeatable: true, help: help)
    }

    /// The same option, whose new value in the configuration file holds at once.
    var live: Option {
        var option = self
        option.isLive = true
        return option
    }
}

/// One thing `hearsay` can do, as the parser and the help read it.
struct Command: Sendable {
    /// A command line that works, and what it does.
    struct Example: Hashable, Sendable {
        var line: String
        var meaning: String
    }

    /// How many arguments without dashes it takes.
    struct Operands: Hashable, Sendable {
        /// As shown in the usage line, such as `TEXT|-`; empty for none.
        var usage = ""
        var count: ClosedRange<Int> = 0...0
        /// What people mean who give one too many, such as `--source`.
        var option: String?
    }

    var name: String
    /// One line for the list of commands.
    var summary: String
    var operands = Operands()
    var options: [Option] = []
    /// More to know, in whole lines of at most 78 characters.
    var discussion: [String] = []
    var examples: [Example] = []
    var run: @Sendable (Invocation) async throws -> ExitCode
}

extension Option {
    /// Options of every command that talks to a server.
    static let client: [Option] = [
        .value("server", "URL", nil, "which server; default: this machine's"),
        .value("token", "TOKEN", nil, "who asks; default on this machine: its admin token"),
        .value("data", "DIR", nil, "the data folder in which that token lies"),
        .value("ca-file", "FILE", nil, "authorities to believe (PEM); default: the system's"),
        .value("fingerprint", "SHA256", nil, "the server's certificate, as it printed it"),
        .flag("json", nil, "one JSON object a line instead of text"),
    ]
}
