import Flow
import Net
import Secrets
import VoiceCore
import Wire
import JSON

/// Tokens, made and revoked by the administrator; a token is shown once, in the answer that makes it.
struct TokenEndpoints: Sendable {
    let parts: GatewayParts
    let log: Log

    var routes: [Route] {
        [
            .waiting("GET", "/v1/tokens", anyOf: .admin, list),
            .waiting("POST", "/v1/tokens", anyOf: .admin, create),
            .waiting("POST", "/v1/tokens/{id}/renew", anyOf: .admin, renew),
            .waiting("DELETE", "/v1/tokens/{id}", anyOf: .admin, revoke),
        ]
    }

    private func list(_ call: Call) async -> HTTPResponse {
        .object(["tokens": .array(parts.access.list().map { .object($0.members) })])
    }

    private func create(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let wish = try call.read { bytes throws(WireError) in try TokenWish(bytes) }
        let made = try await kept {
            try await parts.access.create(wish.grant, expiresIn: wish.expiresIn, label: wish.label)
        }
        guard let made else {
            throw ErrorReply(.tooManyRequests, "\(AccessTable.tokenLimit) tokens live already")
        }
        log.info("token.created", ["id": made.record.grant.token.rawValue, "by": call.grant.token.rawValue])
        return .object(
            Self.shown(made.token, made.record), status: 201, location: "/v1/tokens/\(made.record.grant.token)")
    }

    private func renew(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        guard let made = try await kept({ try await parts.access.renew(TokenID(call.parameters[0])) }) else {
            throw ErrorReply(.unknownToken, "there is no such token")
        }
        log.info("token.renewed", ["id": made.record.grant.token.rawValue, "by": call.grant.token.rawValue])
        return .object(Self.shown(made.token, made.record))
    }

    private static func shown(_ token: SecretToken, _ record: TokenRecord) -> [String: JSONValue] {
        record.members.merging(["token": .string(token.text)]) { $1 }
    }

    private func revoke(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let id = TokenID(call.parameters[0])
        guard try await kept({ try await parts.access.revoke(id) }) else {
            throw ErrorReply(.unknownToken, "there is no such token")
        }
        log.info("token.revoked", ["id": id.rawValue, "by": call.grant.token.rawValue])
        return .object(["revoked": .string(id.rawValue)])
    }

    /// Turns a failure of the store into an answer; the details stay in the log.
    private func kept<Result>(_ work: () async throws -> Result) async throws(ErrorReply) -> Result {
        do {
            return try await work()
        } catch {
            log.error("tokens.not_kept", ["reason": "\(error)"])
            throw ErrorReply(.storeFailed, "the change could not be kept")
        }
    }
}

/// The body of `POST /v1/tokens`.
struct TokenWish: Sendable {
    /// A token that outlives ten years is one that nobody remembers.
    private static let longestLife = 315_360_000

    let grant: Grant
    let expiresIn: Duration?
    let label: String

    /// What the body may contain.
    static let shape = MessageShape { fields throws(WireError) in _ = try Fields(&fields) }

    /// The members as they were sent.
    private struct Fields: Sendable {
        let scopes: [String]
        let session: SessionID?
        let room: String?
        let rate: String?
        let expiresIn: Duration?
        let label: String

        init(_ fields: inout FieldReader) throws(WireError) {
            scopes = try fields.need("scopes", fields.texts("scopes"))
            session = try fields.id("session_id")
            room = try fields.text("room", limit: 64)
            rate = try fields.text("rate")
            expiresIn = try fields.whole("expires_in_s", in: 1...TokenWish.longestLife).map { .seconds($0) }
            label = try fields.text("label", limit: 200) ?? ""
        }
    }

    init(_ bytes: [UInt8]) throws(WireError) {
        var reader = try FieldReader(bytes)
        let fields = try Fields(&reader)
        try reader.end()
        guard let scopes = Scopes(names: fields.scopes), !scopes.isEmpty else {
            throw .outOfRange(field: "scopes", allowed: Scopes.all.names.joined(separator: ", "))
        }
        expiresIn = fields.expiresIn
        label = fields.label
        grant = Grant(
            token: .random(), scopes: scopes, session: fields.session, room: fields.room,
            rate: try Self.rate(fields.rate))
        guard !grant.isBound || !scopes.contains(.admin) else {
            throw .outOfRange(field: "scopes", allowed: "admin only to tokens that are bound to nothing")
        }
    }

    private static func rate(_ text: String?) throws(WireError) -> Rate? {
        guard let text else { return nil }
        guard let rate = Rate(text) else { throw .outOfRange(field: "rate", allowed: "20/s, 60/min, 1000/h and such") }
        return rate
    }
}
