import Remote
import Wire
import JSON

extension Command {
    static let voices = Command(
        name: "voices",
        summary: "list the voices",
        options: [.value("language", "TAG", nil, "only those of this language, such as en or en-GB")] + Option.client,
        examples: [Example(line: "hearsay voices --language en", meaning: "English voices")],
        run: { invocation in
            let reply = try await ServerRequests(Settings(invocation).server).get("/v1/voices")
            let wanted = invocation.arguments.string("language")?.lowercased()
            let voices = (reply["voices"]?.elements ?? []).filter { voice in
                guard let wanted else { return true }
                let language = voice["language"]?.text?.lowercased() ?? ""
                return language == wanted || language.hasPrefix(wanted + "-")
            }
            let standard = reply["default"]?.text ?? reply["default_voice"]?.text
            invocation.output.list(voices, header: ["VOICE", "LANGUAGE", "ENGINE", "NAME"]) { voice in
                let id = voice.shown("id")
                return [id, voice.shown("language"), voice.shown("engine"), voice.shown("name")]
                    + (id == standard ? ["(default)"] : [])
            }
            return .success
        })
}

extension Output {
    /// Writes a list: one object a line as JSON, else a table.
    func list(_ values: [JSONValue], header: [String], row: (JSONValue) -> [String]) {
        if isJSON {
            for value in values { json(value) }
        } else if values.isEmpty {
            line("none")
        } else {
            for text in Table.lines([header] + values.map(row)) { line(text) }
        }
    }
}

extension JSONValue {
    /// A member as a cell of a table; `-` where it is absent.
    func shown(_ name: String) -> String {
        let value = self[name]
        if let text = value?.text { return text }
        if let number = value?.whole { return String(number) }
        if let elements = value?.elements { return elements.compactMap(\.text).joined(separator: ",") }
        return value?.flag.map { $0 ? "yes" : "no" } ?? "-"
    }
}
