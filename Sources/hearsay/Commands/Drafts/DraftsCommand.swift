import JSON
import Remote
import VoiceCore

extension Command {
    static let drafts = Command(
        name: "drafts",
        summary: "list, show, export, delete or find what was dictated",
        operands: Operands(usage: "list | show ID | export ID [FILE] | delete ID... | find WORDS...", count: 1...64),
        options: [
            .value("limit", "N", "n", "how many, the newest first; default: 20"),
            .value("before", "N", nil, "those before this one, as told at the end of a list"),
            .value("session", "ID", nil, "only those of this session"),
            .value("since", "TIME", nil, "begun then or later: 2026-11-21, or 2026-11-21T08:00Z"),
            .value("format", "FORM", "f", "export: txt, srt, vtt, json or wav; default: the end of FILE's name"),
            .value("group", "NAME", nil, "with --all: what was said in this group, in the order in which it began"),
            .flag("all", nil, "find, export: everything that was said, drafts or not"),
        ] + Option.client,
        discussion: [
            "A draft is what was said between “start a new note” and “break break break”, or other",
            "commands of the server's book. It is kept 30 days unless the server was told otherwise,",
            "its sound only if its source was opened with --record. `delete` takes back all of it:",
            "text, words to be found and sound.",
        ],
        examples: [
            Example(line: "hearsay drafts list", meaning: "the newest ones"),
            Example(line: "hearsay drafts export dra_4f7q2 note.srt", meaning: "with times, as subtitles"),
            Example(line: "hearsay drafts find --all birthday", meaning: "when somebody said that word"),
            Example(
                line: "hearsay drafts export --all --since 2026-11-21 day.txt",
                meaning: "all that was said, and by whom"),
            Example(
                line: "hearsay drafts export --all --group meeting meeting.srt",
                meaning: "one transcript of several microphones"),
        ],
        run: { try await DraftsCommand($0).run() })
}

/// Shows and removes what was dictated.
struct DraftsCommand: Sendable {
    private static let defaultCount = 20
    private static let forms = ["txt", "srt", "vtt", "json", "wav"]

    private let invocation: Invocation
    private let server: ServerRequests

    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        if invocation.arguments.string("group") != nil, !invocation.arguments.has("all") {
            throw UsageError.missingOption("--all", with: "--group")
        }
        server = ServerRequests(try Settings(invocation).server)
    }

    func run() async throws -> ExitCode {
        let operands = invocation.arguments.operands
        switch operands[0] {
        case "list" where operands.count == 1: try await list([])
        case "find" where operands.count > 1: try await find(operands.dropFirst().joined(separator: " "))
        case "show" where operands.count == 2: try await show(operands[1])
        case "export" where invocation.arguments.has("all") && operands.count < 3:
            try await exportAll(to: operands.count > 1 ? operands[1] : nil)
        case "export" where (2...3).contains(operands.count):
            try await export(operands[1], to: operands.count > 2 ? operands[2] : nil)
        case "delete" where operands.count > 1: try await delete(operands.dropFirst())
        case "list": throw UsageError.tooManyOperands(operands[1])
        case "show", "export", "delete": throw UsageError.missingOperand("hearsay drafts \(operands[0]) ID")
        case "find": throw UsageError.missingOperand("hearsay drafts find WORDS...")
        case let other:
            throw UsageError.badValue(
                option: "drafts", value: other, expected: "list, show, export, delete or find")
        }
        return .success
    }

    private func list(_ further: [String]) async throws {
        let reply = try await server.get("/v1/drafts?" + (try query() + further).joined(separator: "&"))
        invocation.output.list(reply["drafts"]?.elements ?? [], header: ["STARTED", "DRAFT", "SESSION", "TEXT"]) {
            draft in
            let text = draft["ended_at"] == nil ? "… " + draft.shown("text") : draft.shown("text")
            return [draft.shown("started_at"), draft.shown("draft_id"), draft.shown("session_id"), text.onOneLine]
        }
        tellRest(reply)
    }

    private func find(_ words: String) async throws {
        let asked = "q=" + ServerRequests.escaped(words)
        guard invocation.arguments.has("all") else { return try await list([asked]) }
        let reply = try await server.get("/v1/transcripts?" + (try query() + [asked]).joined(separator: "&"))
        invocation.output.list(reply["transcripts"]?.elements ?? [], header: ["SAID", "SOURCE", "SESSION", "TEXT"]) {
            said in
            [said.shown("said_at"), said.shown("source_id"), said.shown("session_id"), said.shown("text").onOneLine]
        }
        tellRest(reply)
    }

    private func show(_ id: String) async throws {
        let draft = try await server.get(Self.path(id))
        guard !invocation.output.isJSON else {
            invocation.output.json(draft)
            return
        }
        let recording = draft["recording"]?["path"]?.text
        let facts = [
            ("started", draft.shown("started_at")), ("ended", draft.shown("ended_at")),
            ("by", draft.shown("ended_by")), ("session", draft.shown("session_id")),
            ("source", draft.shown("source_id")), ("recording", recording ?? "-"),
        ]
        for (name, value) in facts { invocation.output.line("\(name): \(value)") }
        invocation.output.line("")
        invocation.output.line(draft.shown("text"))
    }

    private func export(_ id: String, to file: String?) async throws {
        let form = try form(of: file, Self.forms)
        try await save(form == "wav" ? Self.path(id) + "/audio" : Self.path(id) + "?format=\(form)", to: file)
    }

    private func exportAll(to file: String?) async throws {
        let form = try form(of: file, Self.forms.filter { $0 != "wav" })
        try await save(
            "/v1/transcripts?" + (["format=\(form)"] + fields(["session", "since", "group"])).joined(separator: "&"),
            to: file)
    }

    /// The form that was asked for, else the one that the file's name says; text on standard output.
    private func form(of file: String?, _ forms: [String]) throws(UsageError) -> String {
        if let asked = try invocation.arguments.choice("format", of: forms) { return asked }
        guard let file, file != "-" else { return "txt" }
        guard let form = forms.first(where: { file.hasSuffix("." + $0) }) else {
            let endings = forms.map { "." + $0 }.joined(separator: ", ")
            throw .badValue(
                option: "the file", value: file, expected: "a name that ends in one of \(endings), or --format")
        }
        return form
    }

    private func save(_ path: String, to file: String?) async throws {
        let pieces = try await server.stream(path)
        let target = try DraftFile(file)
        while let piece = try await pieces.next() { try target.write(piece) }
    }

    private func delete(_ ids: ArraySlice<String>) async throws {
        for id in ids {
            let reply = try await server.delete(Self.path(id))
            if invocation.output.isJSON {
                invocation.output.json(reply)
            } else {
                invocation.output.line("deleted \(id)")
            }
        }
    }

    private func query() throws(UsageError) -> [String] {
        let count = try invocation.arguments.integer("limit", in: 1...NoteQuery.limit) ?? Self.defaultCount
        return ["limit=\(count)"] + fields(["before", "session", "since", "group"])
    }

    private func fields(_ names: [String]) -> [String] {
        names.compactMap { name in
            invocation.arguments.string(name).map { "\(name)=\(ServerRequests.escaped($0))" }
        }
    }

    private func tellRest(_ reply: JSONValue) {
        if let next = reply["next"]?.whole { invocation.output.note("There are more: --before \(next)") }
    }

    private static func path(_ id: String) -> String { "/v1/drafts/" + ServerRequests.escaped(id) }
}
