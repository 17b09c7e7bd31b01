import JSON
import Remote
import VoiceCore
import Wire

extension Command {
    static let jobs = Command(
        name: "jobs",
        summary: "list or export what was said",
        options: [
            .value("limit", "N", "n", "how many, the newest first; default: 20"),
            .value("before", "N", nil, "those before this one, as told at the end of a list"),
            .value("search", "TEXT", nil, "only those with this in their text"),
            .value("session", "ID", nil, "only those of this session"),
            .value("status", "WORDS", nil, "queued, held, speaking, finished, aborted, failed"),
            .value("since", "TIME", nil, "accepted then or later: 2026-11-21, or 2026-11-21T08:00Z"),
            .flag("export", nil, "all of them, the oldest first, a JSON object a line, with texts and times"),
        ] + Option.client,
        discussion: [
            "Jobs are kept over restarts, 30 days unless the server was told otherwise. The text of a",
            "job that was asked for with --private is never kept.",
        ],
        examples: [
            Example(line: "hearsay jobs --status failed", meaning: "what was not heard"),
            Example(line: "hearsay jobs --search deploy --since 2026-11-01", meaning: "what was said of it"),
            Example(line: "hearsay jobs --export > jobs.jsonl", meaning: "everything, for other programs"),
        ],
        run: { try await JobsCommand($0).run() })
}

/// Shows what the journal of a server keeps.
struct JobsCommand: Sendable {
    private static let defaultCount = 20

    private let invocation: Invocation
    private let server: ServerRequests

    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        server = ServerRequests(try Settings(invocation).server)
    }

    func run() async throws -> ExitCode {
        let query = try Self.query(invocation.arguments)
        if invocation.arguments.has("export") {
            try await export(query)
        } else {
            try await list(query)
        }
        return .success
    }

    private func list(_ query: [String]) async throws {
        let count = try invocation.arguments.integer("limit", in: 1...JobQuery.limit) ?? Self.defaultCount
        let reply = try await server.get("/v1/jobs?" + (["limit=\(count)"] + query).joined(separator: "&"))
        invocation.output.list(
            reply["jobs"]?.elements ?? [], header: ["ACCEPTED", "JOB", "SESSION", "STATUS", "TEXT"]
        ) { job in
            let outcome = job["code"]?.text ?? job["heard"]?.text ?? job["reason"]?.text
            let status = job.shown("status") + (outcome.map { " (\($0))" } ?? "")
            let text = job["private"]?.flag == true ? "(private)" : job.shown("text_preview").onOneLine
            return [job.shown("accepted_at"), job.shown("job_id"), job.shown("session_id"), status, text]
        }
        if let next = reply["next"]?.whole { invocation.output.note("There are more: --before \(next)") }
    }

    /// Lines come as they are made; what cannot be written any more ends the command.
    private func export(_ query: [String]) async throws {
        let lines = try await server.stream("/v1/jobs?" + (["format=jsonl"] + query).joined(separator: "&"))
        while let piece = try await lines.next() {
            guard invocation.output.text(String(decoding: piece, as: UTF8.self)) else { return }
        }
    }

    private static func query(_ arguments: ParsedArguments) throws(UsageError) -> [String] {
        let names = [
            ("before", "before"), ("search", "q"), ("session", "session"), ("status", "status"), ("since", "since"),
        ]
        return names.compactMap { option, field in
            arguments.string(option).map { "\(field)=\(ServerRequests.escaped($0))" }
        }
    }
}
