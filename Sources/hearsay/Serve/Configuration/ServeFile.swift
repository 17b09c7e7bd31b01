import JSON

/// What the server's configuration file sets: options of `hearsay serve`.
struct ServeFile: Hashable, Sendable {
    /// In the data folder, where none is named.
    static let fileName = "config.json5"

    /// One value of an option, as the command line would give it.
    struct Value: Hashable, Sendable {
        var text: String
        var place: TextPlace
    }

    /// One option that is set.
    struct Setting: Hashable, Sendable {
        let option: Option
        /// Where its key stands.
        let place: TextPlace
        /// None for a switch.
        var values: [Value]
    }

    /// What became of an option that `ServeOptions` does not take.
    enum Removal: Hashable, Sendable {
        case mistake(ServeFileMistake)
        /// It goes with one that is gone already, or the command line says the opposite.
        case overridden
    }

    /// By the option's name.
    var settings: [String: Setting] = [:]
    /// Names of options that were taken out.
    private var removed: Set<String> = []

    /// The command line with what it leaves open.
    ///
    /// An option there replaces the one of the file; of those with names inside, such as `--limit`, each name does.
    func merged(under arguments: ParsedArguments) -> ParsedArguments {
        var merged = arguments
        for (name, setting) in settings {
            let texts = setting.values.map(\.text)
            guard let given = arguments.values[name] else {
                merged.values[name] = texts
                continue
            }
            guard setting.option.holdsNames else { continue }
            let names = Set(given.map(Self.name))
            merged.values[name] = texts.filter { !names.contains(Self.name(in: $0)) } + given
        }
        return merged
    }

    /// Takes out what an error is about.
    ///
    /// - Returns: Nil if it is the command line's own.
    mutating func remove(blamedBy error: UsageError, under arguments: ParsedArguments) -> Removal? {
        let mine = error.options.filter { settings[$0.name] != nil }
        guard let (name, part) = mine.first, let setting = settings[name] else { return nil }
        if case .missingOption = error, removed.contains(where: error.mentions) { return removeOverridden(name) }
        if case .conflict = error, mine.count == 1 { return removeOverridden(name) }
        let index =
            setting.values.firstIndex { error.value == $0.text }
            ?? setting.values.firstIndex { Self.name(in: $0.text) == part ?? error.value.map(Self.name) }
        // Of several values the command line's may be the bad one.
        if index == nil, arguments.has(name) { return nil }
        if let index, setting.values.count > 1 {
            settings[name]?.values.remove(at: index)
        } else {
            settings[name] = nil
            removed.insert(name)
        }
        let place = index.map { setting.values[$0].place } ?? setting.place
        return .mistake(ServeFileMistake(.refused(error), at: place))
    }

    private mutating func removeOverridden(_ name: String) -> Removal {
        settings[name] = nil
        removed.insert(name)
        return .overridden
    }

    /// The name in `NAME=VALUE`, with underscores.
    static func name(in text: String) -> String {
        String(text.prefix { $0 != "=" }).replacing("-", with: "_")
    }
}

extension Option {
    /// Its name in the file: `keep_jobs` for `--keep-jobs`.
    var key: String { name.replacing("-", with: "_") }

    /// Whether its values are of the form `NAME=VALUE`.
    var holdsNames: Bool { isRepeatable && value?.contains("=") == true }

    /// Whether its values are paths.
    var holdsPaths: Bool {
        let kind = value?.split(separator: "=").last
        return kind == "FILE" || kind == "DIR"
    }
}

extension UsageError {
    /// The options it blames, without dashes, and which of their names: `limit` and `jobs` for `--limit jobs`.
    fileprivate var options: [(name: String, part: String?)] {
        switch self {
        case .badValue(let option, _, _), .missingOption(_, let option): [Self.parts(option)]
        case .conflict(let first, let second): [Self.parts(first), Self.parts(second)]
        default: []
        }
    }

    fileprivate var value: String? {
        if case .badValue(_, let value, _) = self { value } else { nil }
    }

    /// Whether it is an option's absence that it is about.
    fileprivate func mentions(_ name: String) -> Bool {
        if case .missingOption(let missing, _) = self { Self.parts(missing).name == name } else { false }
    }

    private static func parts(_ option: String) -> (name: String, part: String?) {
        let words = option.split(separator: " ", maxSplits: 1)
        let name = words.first.map { $0.drop { $0 == "-" } } ?? ""
        return (String(name), words.count > 1 ? ServeFile.name(in: String(words[1])) : nil)
    }

    /// The same about the keys of the file.
    var inFile: UsageError {
        func key(_ option: String) -> String {
            let (name, part) = Self.parts(option)
            return [name.replacing("-", with: "_"), part].compactMap { $0 }.joined(separator: ".")
        }
        switch self {
        case .badValue(let option, let value, let expected):
            return .badValue(option: key(option), value: value, expected: expected)
        case .conflict(let first, let second): return .conflict(key(first), key(second))
        case .missingOption(let missing, let given): return .missingOption(key(missing), with: key(given))
        default: return self
        }
    }
}
