import Remote
import VoiceCore
import Wire
import JSON

extension Command {
    static let token = Command(
        name: "token",
        summary: "make, list, renew or revoke tokens",
        operands: Operands(usage: "create|list|renew|revoke [ID]", count: 1...2),
        options: [
            .values("scope", "NAMES", "create: speak, listen, capture, events, control, admin"),
            .value("session", "ID", nil, "create: the only session it sees and touches"),
            .value("room", "NAME", nil, "create: the only room whose sessions it sees and touches"),
            .value("rate", "RATE", nil, "create: how often it may ask, such as 20/s, 60/min or 1000/h"),
            .value("label", "TEXT", nil, "create: what it is for"),
            .value("expires", "TIME", nil, "create: how long it is good for, such as 30d; default: for ever"),
        ] + Option.client,
        discussion: [
            "A token is shown once, when it is made; the server keeps only its hash.",
            "`renew` gives a token a new secret and shows it; the old one ends at once, with",
            "all its connections. `renew player` prints a new player link, `renew admin`",
            "changes the token of this command line; both names work with `revoke` too.",
        ],
        examples: [
            Example(
                line: "hearsay token create --scope speak --label ci --expires 30d",
                meaning: "for a program that speaks"),
            Example(line: "hearsay token list", meaning: "what there is"),
            Example(line: "hearsay token renew player", meaning: "a new player link; the old one is dead"),
            Example(line: "hearsay token revoke tok_4f7q2", meaning: "shut it out within a second"),
        ],
        run: { try await TokenCommand($0).run() })
}

/// Keeps a server's tokens.
struct TokenCommand: Sendable {
    private let invocation: Invocation
    private let address: ServerAddress
    private let server: ServerRequests

    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        address = try Settings(invocation).server
        server = ServerRequests(address)
    }

    func run() async throws -> ExitCode {
        let operands = invocation.arguments.operands
        switch operands[0] {
        case "create" where operands.count == 1: try await create()
        case "list" where operands.count == 1: try await list()
        case "revoke" where operands.count == 2: try await revoke(operands[1])
        case "renew" where operands.count == 2: try await renew(operands[1])
        case "renew", "revoke": throw UsageError.missingOperand("hearsay token \(operands[0]) ID")
        case "create", "list": throw UsageError.tooManyOperands(operands[1])
        case let other:
            throw UsageError.badValue(option: "token", value: other, expected: "create, list, renew or revoke")
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
        invocation.output.list(tokens, header: ["TOKEN", "SCOPES", "SESSION", "ROOM", "RATE", "LABEL", "EXPIRES"]) {
            token in
            ["token_id", "scopes", "session_id", "room", "rate", "label", "expires_at"].map { token.shown($0) }
        }
    }

    private func renew(_ name: String) async throws {
        let reply = try await server.post("/v1/tokens/\(Self.path(name))/renew")
        if invocation.output.isJSON {
            invocation.output.json(reply)
        } else if reply["token_id"]?.text == Self.ownIDs["player"] {
            invocation.output.line(PlayerLink.text(url: address.url, token: reply.shown("token")))
        } else {
            invocation.output.line(reply.shown("token"))
        }
    }

    /// The tokens that the server makes for its owner, by the names that people use.
    private static let ownIDs = ["admin": TokenID.admin.rawValue, "player": TokenID.player.rawValue]

    private static func path(_ name: String) -> String { ServerRequests.escaped(ownIDs[name] ?? name) }

    private func revoke(_ id: String) async throws {
        let reply = try await server.delete("/v1/tokens/\(Self.path(id))")
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
        fields["room"] = arguments.string("room").map(JSONValue.string)
        fields["rate"] = try arguments.rate("rate", or: nil).map { .string($0.text) }
        fields["label"] = arguments.string("label").map(JSONValue.string)
        fields["expires_in_s"] = try arguments.duration("expires").map { .integer(Int($0 / .seconds(1))) }
        return fields
    }
}
