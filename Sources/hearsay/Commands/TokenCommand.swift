import Remote
import Wire
import JSON

extension Command {
    static let token = Command(
        name: "token",
        summary: "make, list or revoke tokens",
        operands: Operands(usage: "create|list|revoke [ID]", count: 1...2),
        options: [
            .values("scope", "NAMES", "create: speak, listen, capture, events, control, admin"),
            .value("session", "ID", nil, "create: the only session it sees and touches"),
            .value("label", "TEXT", nil, "create: what it is for"),
            .value("expires", "TIME", nil, "create: how long it is good for, such as 30d; default: for ever"),
        ] + Option.client,
        discussion: ["A token is shown once, when it is made; the server keeps only its hash."],
        examples: [
            Example(
                line: "hearsay token create --scope speak --label ci --expires 30d",
                meaning: "for a program that speaks"),
            Example(line: "hearsay token list", meaning: "what there is"),
            Example(line: "hearsay token revoke tok_4f7q2", meaning: "shut it out within a second"),
        ],
        run: { try await TokenCommand($0).run() })
}

/// Keeps a server's tokens.
struct TokenCommand: Sendable {
    private let invocation: Invocation
    private let server: ServerRequests

    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        server = ServerRequests(try Settings(invocation).server)
    }

    func run() async throws -> ExitCode {
        let operands = invocation.arguments.operands
        switch operands[0] {
        case "create" where operands.count == 1: try await create()
        case "list" where operands.count == 1: try await list()
        case "revoke" where operands.count == 2: try await revoke(operands[1])
        case "revoke": throw UsageError.missingOperand("hearsay token revoke ID")
        case "create", "list": throw UsageError.tooManyOperands(operands[1])
        case let other:
            throw UsageError.badValue(option: "token", value: other, expected: "create, list or revoke")
        }
        return .success
    }

    private func create() async throws {
        let reply = try await server.post("/v1/tokens", try Self.request(invocation.arguments))
        if invocation.output.isJSON {
            invocation.output.json(reply)
        } else {
            invocation.output.line(reply.shown("token"))
            invocation.output.note("Keep it: it is not shown again. Its id is \(reply.shown("token_id")).")
        }
    }

    private func list() async throws {
        let tokens = try await server.get("/v1/tokens")["tokens"]?.elements ?? []
        invocation.output.list(tokens, header: ["TOKEN", "SCOPES", "SESSION", "LABEL", "EXPIRES"]) { token in
            ["token_id", "scopes", "session_id", "label", "expires_at"].map { token.shown($0) }
        }
    }

    private func revoke(_ id: String) async throws {
        let reply = try await server.delete("/v1/tokens/\(ServerRequests.escaped(id))")
        if invocation.output.isJSON {
            invocation.output.json(.object(["token_id": .string(id), "revoked": true]))
        } else {
            invocation.output.line(reply["revoked"]?.flag == false ? "there was none" : "revoked \(id)")
        }
    }

    static func request(_ arguments: ParsedArguments) throws(UsageError) -> [String: JSONValue] {
        let scopes = arguments.strings("scope").flatMap { $0.split(separator: ",").map(String.init) }
        var fields: [String: JSONValue] = [
            "scopes": .array((scopes.isEmpty ? ["speak"] : scopes).map(JSONValue.string))
        ]
        fields["session_id"] = arguments.string("session").map(JSONValue.string)
        fields["label"] = arguments.string("label").map(JSONValue.string)
        fields["expires_in_s"] = try arguments.duration("expires").map { .integer(Int($0 / .seconds(1))) }
        return fields
    }
}
