import Gateway
import Net

/// Reads `--alias NAME[=ADDRESS][,open][,record]`, and what goes with it.
enum AliasOptions {
    private static let expected =
        "NAME, NAME=ADDRESS or NAME=ADDRESS,open with NAME one of "
        + DoorName.allCases.map(\.rawValue).joined(separator: ", ")
        + "; behind palaver also ,record"

    /// What may stand behind the address, in any order.
    private enum Extra: String {
        case open, record
    }

    static func read(_ settings: Settings) throws(UsageError) -> [Alias] {
        let arguments = settings.arguments
        let networks = try arguments.strings("allow-net").map { text throws(UsageError) in
            guard let network = IPNetwork(text) else {
                throw .badValue(
                    option: "--allow-net", value: text, expected: "a network such as 10.0.0.0/8, fd00::/8 or 192.0.2.7")
            }
            return network
        }
        let aliases = try arguments.strings("alias").map { text throws(UsageError) in
            try alias(text, networks, settings.environment, mayStop: arguments.has("alias-may-stop"))
        }
        if !networks.isEmpty, !aliases.contains(where: \.isOpen) {
            throw .missingOption("--alias NAME=ADDRESS,open", with: "--allow-net")
        }
        if arguments.has("alias-may-stop"), aliases.isEmpty {
            throw .missingOption("--alias", with: "--alias-may-stop")
        }
        if arguments.has("pai-notify"), !aliases.contains(where: { $0.name == .pai }) {
            throw .missingOption("--alias pai", with: "--pai-notify")
        }
        return aliases
    }

    private static func alias(
        _ text: String, _ networks: [IPNetwork], _ environment: Environment, mayStop: Bool
    ) throws(UsageError) -> Alias {
        let (parts, extras) = try split(text)
        guard let name = DoorName(rawValue: parts[0]), name == .palaver || !extras.contains(.record) else {
            throw .badValue(option: "--alias", value: text, expected: expected)
        }
        var address = SocketAddress(host: "127.0.0.1", port: try port(of: name, environment))
        if parts.count == 2 {
            guard let parsed = try? SocketAddress.parse(parts[1]) else {
                throw .badValue(
                    option: "--alias", value: text,
                    expected: "\(name.rawValue)=ADDRESS, such as \(name.rawValue)=\(address)")
            }
            address = parsed
        }
        let isOpen = extras.contains(.open)
        if isOpen, networks.isEmpty { throw .missingOption("--allow-net", with: "--alias \(text)") }
        return Alias(
            name: name, address: address, networks: isOpen ? networks : [], mayStop: mayStop,
            records: extras.contains(.record))
    }

    /// The name and, if there is one, the address; and what stands behind them.
    private static func split(_ text: String) throws(UsageError) -> ([String], Set<Extra>) {
        let pieces = text.split(separator: ",", omittingEmptySubsequences: false)
        let extras = Set(pieces.dropFirst().compactMap { Extra(rawValue: String($0)) })
        guard extras.count == pieces.count - 1 else {
            throw .badValue(option: "--alias", value: text, expected: expected)
        }
        return (
            pieces[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init), extras
        )
    }

    /// The port of an alias that names none.
    private static func port(of name: DoorName, _ environment: Environment) throws(UsageError) -> Int {
        guard name == .tts, let text = environment["TTS_PORT"] else { return name.usualPort }
        guard let port = Int(text), (0...65_535).contains(port) else {
            throw .badValue(option: "TTS_PORT", value: text, expected: "a port from 0 to 65535")
        }
        return port
    }
}
