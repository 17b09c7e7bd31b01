import Gateway

/// What `hearsay help limits` prints.
enum LimitsHelp {
    static let text = """
        How much the server takes, and keeps.

        Usage: hearsay serve --limit NAME=VALUE [--limit NAME=VALUE …]

        In the server's configuration file: `limit: { jobs: 200 }`. Sizes take KiB, MiB and GiB.
        A refusal names its limit; `welcome` on a WebSocket and GET /status list them all.

        Limits:
        \(HelpText.table(LimitName.allCases.map { (label: label($0), text: $0.meaning) }))

        """

    private static func label(_ name: LimitName) -> String {
        "\(name.rawValue)=\(LimitOptions.shown(name.defaultValue, name))"
    }
}
