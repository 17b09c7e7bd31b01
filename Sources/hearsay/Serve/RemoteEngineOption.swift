import RemoteEngines

/// A speech engine elsewhere, as the command line names it.
struct RemoteEngineOption: Hashable, Sendable {
    /// Names of our own engines.
    private static let reserved = ["flite", "espeak", "tone"]

    var name: String
    var source: EngineSource
    /// Voices that are there though the server does not list them.
    var voices: [String]
    var key: EngineKey?

    /// Reads `--engine`, `--engine-voices`, and the keys from the environment or the configuration file.
    static func read(_ settings: Settings) throws(UsageError) -> [RemoteEngineOption] {
        var options: [RemoteEngineOption] = []
        for text in settings.arguments.strings("engine") {
            let option = try engine(text, settings)
            guard !options.contains(where: { $0.name == option.name }) else {
                throw .badValue(option: "--engine", value: option.name, expected: "a name for each engine")
            }
            options.append(option)
        }
        for text in settings.arguments.strings("engine-voices") {
            let (name, list) = split(text)
            let voices = list.split(separator: ",").map(String.init)
            guard let index = options.firstIndex(where: { $0.name == name }), !voices.isEmpty else {
                throw .badValue(
                    option: "--engine-voices", value: text,
                    expected: "the name of an --engine and its voices, such as kokoro=af_sky,bm_lewis")
            }
            options[index].voices += voices
        }
        let recognisers = settings.arguments.strings("recogniser").map { split($0).name }
        for text in settings.arguments.strings("engine-key-file") {
            try readKey(text, &options, recognisers, settings)
        }
        return options
    }

    /// The variable goes before the file.
    private static func readKey(
        _ text: String, _ options: inout [RemoteEngineOption], _ recognisers: [String], _ settings: Settings
    ) throws(UsageError) {
        let file = EngineKeyFile(text)
        let index = options.firstIndex { $0.name == file.name }
        guard index != nil || recognisers.contains(file.name) else {
            throw .badValue(
                option: "--engine-key-file", value: text,
                expected: "the name of an --engine or --recogniser and a file, such as eleven=eleven.key")
        }
        guard let content = file.content, let key = EngineKey(content) else {
            throw .badValue(
                option: "--engine-key-file", value: text,
                expected: "a file that can be read and holds the key alone, as its maker gave it")
        }
        // A recogniser reads its own.
        if let index, settings.environment[EngineKey.variable(file.name)] == nil { options[index].key = key }
    }

    private static func engine(_ text: String, _ settings: Settings) throws(UsageError) -> RemoteEngineOption {
        let (name, address) = split(text)
        let isName = !name.isEmpty && name.count <= 32 && name.allSatisfy { $0.isASCII && isPart($0) }
        guard isName, !reserved.contains(name), let source = EngineSource(address) else {
            throw .badValue(
                option: "--engine", value: shown(name, address),
                expected:
                    "NAME=URI, such as kokoro=openai+http://127.0.0.1:8880/v1, eleven=elevenlabs+https://api.elevenlabs.io "
                    + "or piper=wyoming://127.0.0.1:10200; a key goes to \(EngineKey.variable(isName ? name : "name"))")
        }
        let key = settings.environment[EngineKey.variable(name)] ?? settings.file["engine-\(name)-key"]
        let known = key.map { EngineKey($0) }
        if case .some(.none) = known {
            throw .badValue(
                option: EngineKey.variable(name), value: "[key]", expected: "a key without spaces, as its maker gave it"
            )
        }
        return RemoteEngineOption(name: name, source: source, voices: [], key: known ?? nil)
    }

    /// A URL may hold a key that somebody put there; it is not repeated.
    private static func shown(_ name: String, _ address: String) -> String {
        "\(name)=\(Redactor.withoutUserInfo(String(address.prefix { $0 != "?" })))"
    }

    private static func isPart(_ character: Character) -> Bool {
        character.isLowercase || character.isNumber || character == "-"
    }

    private static func split(_ text: String) -> (name: String, rest: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts.first ?? ""), parts.count == 2 ? String(parts[1]) : "")
    }
}

/// `NAME=FILE`: where the key of an engine lies.
struct EngineKeyFile {
    let name: String
    private let path: String

    init(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        name = String(parts.first ?? "")
        path = parts.count == 2 ? String(parts[1]) : ""
    }

    /// What stands in it, without white space; nil where it cannot be read.
    var content: String? { try? SmallFile.read(path).filter { !$0.isWhitespace } }
}
