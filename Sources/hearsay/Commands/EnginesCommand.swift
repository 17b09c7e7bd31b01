import JSON
import Remote
import VoiceCore

extension Command {
    static let engines = Command(
        name: "engines",
        summary: "list what speaks and what hears",
        options: [
            .value("kind", "KIND", nil, "only voice, recogniser, keywords, punctuation or denoiser")
        ] + Option.client,
        discussion: [
            "A source names the recogniser that reads it (`hearsay hear --engine NAME`).",
            "Models that could be fetched are listed with the way to them.",
        ],
        examples: [
            Example(line: "hearsay engines", meaning: "what there is, and what it is doing"),
            Example(line: "hearsay engines --kind recogniser", meaning: "who could read what you say"),
        ],
        run: { invocation in
            let kind = try wantedKind(invocation)
            let reply = try await ServerRequests(try Settings(invocation).server).get("/v1/engines")
            let all = reply["engines"]?.elements ?? []
            let engines = kind.map { kind in all.filter { $0["kind"]?.text == kind.rawValue } } ?? all
            let header = ["ENGINE", "KIND", "LANGUAGES", "STATE", "MB", "ABOUT"]
            invocation.output.list(engines, header: header) { engine in
                let megabytes = engine["memory_bytes"]?.whole.map { String(($0 + 999_999) / 1_000_000) } ?? "-"
                let state = engine["installed"]?.flag == false ? "not installed" : engine.shown("state")
                return [
                    engine.shown("engine"), engine.shown("kind"), languages(of: engine), state, megabytes,
                    about(engine),
                ]
            }
            return .success
        })

    /// A hundred of them are no line that anybody reads; JSON has them all.
    private static func languages(of engine: JSONValue) -> String {
        let all = engine["languages"]?.elements?.compactMap(\.text) ?? []
        guard all.count > 4 else { return engine.shown("languages") }
        return all.prefix(3).joined(separator: ",") + " and \(all.count - 3) more"
    }

    private static func about(_ engine: JSONValue) -> String {
        let usual = engine["usual"]?.flag == true ? "the usual one" : nil
        return [usual, engine["about"]?.text, engine["reason"]?.text].compactMap { $0 }.joined(separator: "; ")
    }

    private static func wantedKind(_ invocation: Invocation) throws(UsageError) -> EngineKind? {
        guard let text = invocation.arguments.string("kind") else { return nil }
        if let kind = EngineKind(rawValue: text) { return kind }
        let all = EngineKind.allCases.map(\.rawValue).joined(separator: ", ")
        throw .badValue(option: "--kind", value: text, expected: "one of \(all)")
    }
}
