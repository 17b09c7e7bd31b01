import Remote
import VoiceCore
import Wire
import JSON

extension Command {
    static let abort = Command(
        name: "abort",
        summary: "stop what is being said",
        options: [
            .value("job", "ID", "j", "this job"),
            .value("session", "ID", nil, "every job of this session"),
            .value("output", "ID", nil, "what sounds on this output or waits for it"),
            .flag("all", "a", "every job, waiting ones too"),
        ] + Option.client,
        discussion: ["Without an option it stops the job that sounds for the session “default”."],
        examples: [
            Example(line: "hearsay abort", meaning: "be quiet"),
            Example(line: "hearsay abort --all", meaning: "be quiet, and forget what waits"),
        ],
        run: { invocation in
            let command = try abortCommand(invocation.arguments)
            let server = try Settings(invocation).server
            let reply = try await ServerRequests(server).post("/v1/abort", command.fields)
            let jobs = reply["aborted"]?.elements?.compactMap(\.text) ?? []
            if invocation.output.isJSON {
                invocation.output.json(reply)
            } else {
                invocation.output.line(
                    jobs.isEmpty ? "nothing was being said" : "stopped " + jobs.joined(separator: ", "))
            }
            return .success
        })

    /// The options as a command on the wire; they exclude each other.
    static func abortCommand(_ arguments: ParsedArguments) throws(UsageError) -> AbortCommand {
        let given = ["job", "session", "output", "all"].filter { arguments.has($0) }
        if given.count > 1 { throw .conflict("--\(given[0])", "--\(given[1])") }
        if let job = arguments.string("job") { return AbortCommand(scope: .job, job: JobID(job)) }
        if let session = arguments.string("session") {
            return AbortCommand(scope: .session, session: SessionID(session))
        }
        if let output = arguments.string("output") { return AbortCommand(scope: .output, output: OutputID(output)) }
        return AbortCommand(scope: arguments.has("all") ? .all : .current)
    }
}
