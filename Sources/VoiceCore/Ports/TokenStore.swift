package import Flow

/// A token as it is kept: what it allows, and the digest by which it is known.
package struct TokenRecord: Hashable, Sendable {
    package var grant: Grant
    /// What it is for, in the words of who made it.
    package var label: String
    /// SHA-256 of the token's 32 random bytes; the token itself is kept nowhere.
    package var digest: [UInt8]
    package var createdAt: WallTime

    package init(grant: Grant, label: String, digest: [UInt8], createdAt: WallTime) {
        self.grant = grant
        self.label = label
        self.digest = digest
        self.createdAt = createdAt
    }
}

/// Where tokens outlive the process.
package protocol TokenStore: Sendable {
    /// All tokens, expired ones included, oldest first.
    func tokens() async throws -> [TokenRecord]

    /// Keeps a token; one with the same id is replaced.
    func add(_ token: TokenRecord) async throws

    /// - Returns: Whether there was such a token.
    func remove(_ id: TokenID) async throws -> Bool
}

extension Identifier where Subject == TokenSubject {
    /// The token that is written into the data folder for the machine's own command line.
    package static var admin: Self { Self("tok_admin") }
    /// The token of the printed player link.
    package static var player: Self { Self("tok_player") }
}
