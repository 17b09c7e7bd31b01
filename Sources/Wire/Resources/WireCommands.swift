package import JSON
package import VoiceCore

extension CommandsState {
    /// The members of the event: `state, book, commands, mistakes[{line}], warnings[{line}]`.
    ///
    /// What is wrong is not among them, as for the configuration.
    package var fields: [String: JSONValue] {
        [
            "state": mistakes.isEmpty ? "ok" : "broken", "book": .string(book.rawValue), "commands": .integer(count),
            "mistakes": .array(mistakes.map(Self.place)), "warnings": .array(warnings.map(Self.place)),
        ]
    }

    private static func place(_ line: Int?) -> JSONValue {
        .object(line.map { ["line": .integer($0)] } ?? [:])
    }
}
