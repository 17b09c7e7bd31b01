private import Flow
package import VoiceCore

extension Database: TokenStore {
    /// All tokens, oldest first.
    package func tokens() throws -> [TokenRecord] {
        try connection.run(
            "SELECT id, digest, label, scopes, session, created_at, expires_at, room, rate FROM tokens ORDER BY created_at, id"
        ).compactMap(Self.record)
    }

    /// Keeps a token; one with the same id is replaced.
    package func add(_ token: TokenRecord) throws {
        try connection.run(
            "INSERT OR REPLACE INTO tokens (id, digest, label, scopes, session, created_at, expires_at, room, rate)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .text(token.grant.token.rawValue), .blob(token.digest), .text(token.label),
                .text(token.grant.scopes.names.joined(separator: " ")), .text(orNull: token.grant.session?.rawValue),
                .integer(token.createdAt.milliseconds), .integer(orNull: token.grant.expiresAt?.milliseconds),
                .text(orNull: token.grant.room), .text(orNull: token.grant.rate?.text),
            ])
    }

    /// Forgets a token.
    ///
    /// - Returns: Whether there was such a token.
    package func remove(_ id: TokenID) throws -> Bool {
        try connection.run("DELETE FROM tokens WHERE id = ?", [.text(id.rawValue)])
        return connection.changedRowCount > 0
    }

    /// A row with a scope that this program does not know allows nothing, so it is left out.
    private static func record(_ row: [SQLiteValue]) -> TokenRecord? {
        guard row.count == 9, let id = row[0].text, let digest = row[1].blob, let label = row[2].text,
            let scopes = Scopes(names: (row[3].text ?? "").split(separator: " ").map(String.init)),
            let createdAt = row[5].integer
        else { return nil }
        let grant = Grant(
            token: TokenID(id), scopes: scopes, session: row[4].text.map { SessionID($0) }, room: row[7].text,
            expiresAt: row[6].integer.map(WallTime.init(milliseconds:)), rate: row[8].text.flatMap { Rate($0) })
        return TokenRecord(
            grant: grant, label: label, digest: digest, createdAt: WallTime(milliseconds: createdAt))
    }
}
