private import Flow
package import Secrets
package import VoiceCore

/// The two tokens that a server makes for its owner, and keeps in files that only the owner can read.
package struct OwnTokens: Sendable {
    /// For the command line of this machine: everything.
    package let admin: SecretToken
    /// For the player link: `listen`, `events` and `capture` of the session `default`.
    package let player: SecretToken
    /// For the player links of doors for clients of other systems: the same, each of the door's own session.
    package let doors: [SessionID: SecretToken]

    /// Reads `admin.token` and `player.token`, and makes those that are missing or no longer known to the store.
    ///
    /// A file whose token was revoked gets a new one, so that a revoked link never works again.
    ///
    /// - Parameter doors: The sessions of the doors that are open.
    package static func ensure(
        in folder: DataFolder, store: some TokenStore, doors: Set<SessionID> = []
    ) async throws -> OwnTokens {
        let known = try await store.tokens()
        let adminGrant = Grant(token: .admin, scopes: .all)
        let playerGrant = Grant(token: .player, scopes: [.listen, .events, .capture], session: .default)
        var doorTokens: [SessionID: SecretToken] = [:]
        for door in doors {
            let grant = Grant(token: id(ofDoor: door), scopes: [.listen, .events], session: door)
            doorTokens[door] = try await ensure(file(of: grant.token), grant, in: folder, store, known)
        }
        return OwnTokens(
            admin: try await ensure("admin.token", adminGrant, in: folder, store, known),
            player: try await ensure("player.token", playerGrant, in: folder, store, known), doors: doorTokens)
    }

    /// - Returns: The admin token of a data folder, read without its lock, as the command line does; nil if there is none.
    package static func admin(inFolderAt path: String) throws(StoreError) -> SecretToken? {
        token(try AtomicFile.read(path + "/admin.token", byteLimit: 4_096))
    }

    /// Writes a renewed token into its file, if it is one of the two.
    package static func keep(_ token: SecretToken, of id: TokenID, in folder: DataFolder) throws(StoreError) {
        guard files[id] != nil || id.rawValue.hasPrefix(doorPrefix) else { return }
        try folder.write(Array((token.text + "\n").utf8), to: file(of: id))
    }

    private static let files: [TokenID: String] = [.admin: "admin.token", .player: "player.token"]

    private static let doorPrefix = "player-"

    private static func id(ofDoor session: SessionID) -> TokenID { TokenID(doorPrefix + session.rawValue) }

    private static func file(of id: TokenID) -> String { files[id] ?? id.rawValue + ".token" }

    private static func ensure(
        _ file: String, _ grant: Grant, in folder: DataFolder, _ store: some TokenStore, _ known: [TokenRecord]
    ) async throws -> SecretToken {
        if let kept = token(try folder.read(file)) {
            let digest = kept.digest
            if known.contains(where: { $0.grant == grant && ConstantTime.areEqual($0.digest, digest) }) { return kept }
        }
        let new = SecretToken.random()
        try folder.write(Array((new.text + "\n").utf8), to: file)
        try await store.add(TokenRecord(grant: grant, label: file, digest: new.digest, createdAt: .now()))
        return new
    }

    private static func token(_ bytes: [UInt8]?) -> SecretToken? {
        guard let bytes else { return nil }
        return SecretToken(String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self))
    }
}
