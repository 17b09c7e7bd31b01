package import JSON
package import VoiceCore

extension ConfigurationState {
    /// The members of the event: `state, changed[], restart[], mistakes[{line,column}]`.
    ///
    /// What is wrong is not among them: a value that was mistyped may be nobody else's business.
    package var fields: [String: JSONValue] {
        [
            "state": mistakes.isEmpty ? "ok" : "broken", "changed": .array(changed.map(JSONValue.string)),
            "restart": .array(waiting.map(JSONValue.string)), "mistakes": .array(mistakes.map(Self.json)),
        ]
    }

    private static func json(_ place: Place?) -> JSONValue {
        .object(place.map { ["line": .integer($0.line), "column": .integer($0.column)] } ?? [:])
    }
}
