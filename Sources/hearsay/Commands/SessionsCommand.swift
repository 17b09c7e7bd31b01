import Remote
import VoiceCore
import Wire
import JSON

extension Command {
    static let sessions = Command(
        name: "sessions",
        summary: "list, start or end sessions",
        operands: Operands(usage: "[list|start|end] [ID]", count: 0...2),
        options: [
            .value("name", "TEXT", nil, "start: who takes part, for people to read"),
            .value("voice", "NAME", "v", "start: the voice of requests that name none"),
            .flag("no-store", nil, "start: keep nothing of what is said or heard there"),
        ] + Option.client,
        discussion: [
            "A session is one participant's place. It ends by itself ten minutes after its last",
            "connection, request or job. `end` also aborts its jobs.",
        ],
        examples: [
            Example(line: "hearsay sessions --json", meaning: "those that live, for programs"),
            Example(line: "hearsay sessions start build --voice slt", meaning: "a place for the build's messages"),
            Example(line: "hearsay say --session build \"Done\"", meaning: "speak there"),
            Example(
                line: "hearsay sessions start secret --no-store && hearsay hear --session secret",
                meaning: "hear, and keep nothing of it"),
            Example(line: "hearsay sessions end build", meaning: "forget it, and what it still had to say"),
        ],
        run: { invocation in
            let operands = invocation.arguments.operands
            let server = ServerRequests(try Settings(invocation).server)
            switch operands.first ?? "list" {
            case "list" where operands.count < 2: try await listSessions(server, invocation.output)
            case "start": try await startSession(server, invocation, operands.dropFirst().first)
            case "end" where operands.count == 2: try await endSession(server, invocation.output, operands[1])
            case "end": throw UsageError.missingOperand("hearsay sessions end ID")
            case "list": throw UsageError.tooManyOperands(operands[1])
            case let other:
                throw UsageError.badValue(option: "sessions", value: other, expected: "list, start or end")
            }
            return .success
        })

    private static func listSessions(_ server: ServerRequests, _ output: Output) async throws {
        let sessions = try await server.get("/v1/sessions")["sessions"]?.elements ?? []
        output.list(sessions, header: ["SESSION", "NAME", "VOICE", "CONNECTIONS", "JOBS"]) { session in
            ["session_id", "name", "voice", "connections", "jobs"].map { session.shown($0) }
        }
    }

    private static func startSession(
        _ server: ServerRequests, _ invocation: Invocation, _ id: String?
    ) async throws {
        let wish = WireSessionRequest(
            id: id.map { SessionID($0) }, name: invocation.arguments.string("name"),
            voice: invocation.arguments.string("voice"),
            isStored: invocation.arguments.has("no-store") ? false : nil)
        let session = try await server.post("/v1/sessions", wish.fields)
        if invocation.output.isJSON {
            invocation.output.json(session)
        } else {
            invocation.output.line(session.shown("session_id"))
        }
    }

    private static func endSession(_ server: ServerRequests, _ output: Output, _ id: String) async throws {
        let reply = try await server.delete("/v1/sessions/" + ServerRequests.escaped(id))
        if output.isJSON {
            output.json(reply)
        } else {
            output.line("ended \(id)")
        }
    }
}
