import JSON

/// Reads a configuration file: an object whose keys are the options of `hearsay serve`, with underscores.
struct ServeFileReader: Sendable {
    /// What may stand in it.
    let options: [Option]
    /// Paths in the file start here.
    let folder: String
    /// What `~/` stands for.
    let home: String
    /// Whether it is the data folder's own file.
    let isInDataFolder: Bool

    /// Reads past every mistake that leaves something to read.
    func read(_ bytes: [UInt8]) -> (file: ServeFile, mistakes: [ServeFileMistake]) {
        let root: JSON5Node
        do throws(JSON5Problem) {
            root = try JSON5Parser.parse(bytes)
        } catch {
            return (ServeFile(), [ServeFileMistake(.notJSON5(error.kind), at: error.place)])
        }
        guard case .object(let members) = root.content else {
            return (ServeFile(), [ServeFileMistake(.notAnObject, at: root.place)])
        }
        var file = ServeFile()
        var mistakes: [ServeFileMistake] = []
        var seen: Set<String> = []
        for member in members {
            do throws(ServeFileMistake) {
                guard seen.insert(member.name).inserted else {
                    throw ServeFileMistake(.repeatedKey(member.name), at: member.place)
                }
                let option = try option(member)
                if let setting = try setting(option, member) { file.settings[option.name] = setting }
            } catch {
                mistakes.append(error)
            }
        }
        return (file, mistakes)
    }

    private func option(_ member: JSON5Member) throws(ServeFileMistake) -> Option {
        if let option = options.first(where: { $0.key == member.name }) {
            guard option.name != "data" || !isInDataFolder else { throw ServeFileMistake(.ownFolder, at: member.place) }
            return option
        }
        let word = member.name.replacing("-", with: "_")
        let suggestion = Suggestion.nearest(to: word, among: options.map(\.key))
        guard suggestion == nil, ["key", "token", "password", "secret"].contains(where: word.lowercased().contains)
        else { throw ServeFileMistake(.unknownKey(member.name, suggestion: suggestion), at: member.place) }
        throw ServeFileMistake(.secret(member.name), at: member.place)
    }

    /// - Returns: Nil for a switch that is off.
    private func setting(_ option: Option, _ member: JSON5Member) throws(ServeFileMistake) -> ServeFile.Setting? {
        let shape = ServeFileMistake.Shape(option)
        let node = member.value
        func bad(_ place: TextPlace) -> ServeFileMistake { ServeFileMistake(.badShape(option.key, shape), at: place) }
        var values: [ServeFile.Value] = []
        switch (shape, node.content) {
        case (.flag, .scalar(.bool(let isOn))):
            guard isOn else { return nil }
        case (.flag, _): throw bad(node.place)
        case (_, .scalar(let value)): values = [try self.value(value, node.place, option, or: bad)]
        case (.list, .array(let elements)), (.table, .array(let elements)):
            for element in elements { values.append(try self.value(element, option, or: bad)) }
        case (.table, .object(let entries)):
            for entry in entries { values += try pairs(entry, option, or: bad) }
        default: throw bad(node.place)
        }
        return ServeFile.Setting(option: option, place: member.place, values: values)
    }

    /// `NAME=VALUE` for one member, or for each element of its list.
    private func pairs(
        _ member: JSON5Member, _ option: Option, or bad: (TextPlace) -> ServeFileMistake
    ) throws(ServeFileMistake) -> [ServeFile.Value] {
        let nodes = if case .array(let elements) = member.value.content { elements } else { [member.value] }
        var values: [ServeFile.Value] = []
        for node in nodes {
            var value = try self.value(node, option, or: bad)
            value.text = "\(member.name)=\(value.text)"
            values.append(value)
        }
        return values
    }

    private func value(
        _ node: JSON5Node, _ option: Option, or bad: (TextPlace) -> ServeFileMistake
    ) throws(ServeFileMistake) -> ServeFile.Value {
        guard case .scalar(let value) = node.content else { throw bad(node.place) }
        return try self.value(value, node.place, option, or: bad)
    }

    private func value(
        _ value: JSONValue, _ place: TextPlace, _ option: Option, or bad: (TextPlace) -> ServeFileMistake
    ) throws(ServeFileMistake) -> ServeFile.Value {
        let text: String
        switch value {
        case .string(let string): text = option.holdsPaths ? path(string) : string
        case .integer(let number): text = String(number)
        case .double(let number) where number.isFinite: text = String(number)
        default: throw bad(place)
        }
        return ServeFile.Value(text: text, place: place)
    }

    /// A path as the server opens it; in `NAME=PATH` the name stays.
    private func path(_ text: String) -> String {
        if let equals = text.firstIndex(of: "="), !text[..<equals].contains("/") {
            return text[...equals] + path(String(text[text.index(after: equals)...]))
        }
        if text.hasPrefix("~/") { return home + text.dropFirst() }
        return text.isEmpty || text.hasPrefix("/") ? text : folder + "/" + text
    }
}
