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
            .waiting("DELETE", "/v1/tokens/{id}", anyOf: .admin, revoke),
        ]
    }

    private func list(_ call: Call) async -> HTTPResponse {
        .object(["tokens": .array(parts.access.list().map { .object($0.members) })])
    }

    private func create(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let wish = try call.read { bytes throws(WireError) in try TokenWish(bytes) }
        let made = try await kept {
            try await parts.access.create(
                scopes: wish.scopes, session: wish.session, expiresIn: wish.expiresIn, label: wish.label)
        }
        guard let made else {
            throw ErrorReply(.tooManyRequests, "\(AccessTable.tokenLimit) tokens live already")
        }
        log.info("token.created", ["id": made.record.grant.token.rawValue, "by": call.grant.token.rawValue])
        let members = made.record.members.merging(["token": .string(made.token.text)]) { $1 }
        return .object(members, status: 201, location: "/v1/tokens/\(made.record.grant.token)")
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

    let scopes: Scopes
    let session: SessionID?
    let expiresIn: Duration?
    let label: String

    init(_ bytes: [UInt8]) throws(WireError) {
        var fields = try FieldReader(bytes)
        let names = try fields.need("scopes", fields.texts("scopes"))
        session = try fields.id("session_id")
        expiresIn = try fields.whole("expires_in_s", in: 1...Self.longestLife).map { .seconds($0) }
        label = try fields.text("label", limit: 200) ?? ""
        try fields.end()
        guard let scopes = Scopes(names: names), !scopes.isEmpty else {
            throw .outOfRange(field: "scopes", allowed: Scopes.all.names.joined(separator: ", "))
        }
        self.scopes = scopes
    }
}
