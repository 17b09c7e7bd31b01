import Secrets
import Store
import Testing
import VoiceCore

@Suite struct OwnTokensTests {
    let scratch = Scratch()

    @Test func `the first start makes both tokens, for their owner alone`() async throws {
        let folder = try DataFolder(path: scratch.folder)
        let database = try Database(in: folder)
        let tokens = try await OwnTokens.ensure(in: folder, store: database)
        let kept = try await database.tokens()
        #expect(kept.first { $0.digest == tokens.admin.digest }?.grant == Grant(token: .admin, scopes: .all))
        let player = Grant(token: .player, scopes: [.listen, .events, .capture], session: .default)
        #expect(kept.first { $0.digest == tokens.player.digest }?.grant == player)
        #expect(scratch.mode("data/admin.token") == 0o600 && scratch.mode("data/player.token") == 0o600)
        #expect(try OwnTokens.admin(inFolderAt: scratch.folder)?.text == tokens.admin.text)
    }

    @Test func `later starts keep them`() async throws {
        let folder = try DataFolder(path: scratch.folder)
        let database = try Database(in: folder)
        let first = try await OwnTokens.ensure(in: folder, store: database)
        let second = try await OwnTokens.ensure(in: folder, store: database)
        #expect(first.admin.text == second.admin.text && first.player.text == second.player.text)
    }

    @Test func `a revoked link does not come back with the next start`() async throws {
        let folder = try DataFolder(path: scratch.folder)
        let database = try Database(in: folder)
        let first = try await OwnTokens.ensure(in: folder, store: database)
        _ = try await database.remove(.player)
        let second = try await OwnTokens.ensure(in: folder, store: database)
        #expect(first.player.text != second.player.text && first.admin.text == second.admin.text)
        #expect(try await database.tokens().count == 2)
    }

    @Test(arguments: ["", "not a token", String(repeating: "A", count: 43)])
    func `a file that holds no known token is replaced`(_ content: String) async throws {
        let folder = try DataFolder(path: scratch.folder)
        let database = try Database(in: folder)
        scratch.writeFile("data/admin.token", content)
        let tokens = try await OwnTokens.ensure(in: folder, store: database)
        #expect(tokens.admin.text != content)
        #expect(try OwnTokens.admin(inFolderAt: scratch.folder)?.text == tokens.admin.text)
    }

    @Test func `a renewed token takes the place of the old one in its file, and stays over a restart`() async throws {
        let folder = try DataFolder(path: scratch.folder)
        let database = try Database(in: folder)
        let first = try await OwnTokens.ensure(in: folder, store: database)
        let renewed = SecretToken.random()
        var record = try #require(try await database.tokens().first { $0.grant.token == .player })
        record.digest = renewed.digest
        try OwnTokens.keep(renewed, of: .player, in: folder)
        try await database.add(record)
        try OwnTokens.keep(.random(), of: TokenID("tok_other"), in: folder)
        let second = try await OwnTokens.ensure(in: folder, store: database)
        #expect(second.player.text == renewed.text && second.admin.text == first.admin.text)
    }

    @Test func `the database holds no token`() async throws {
        let folder = try DataFolder(path: scratch.folder)
        let tokens = try await OwnTokens.ensure(in: folder, store: try Database(in: folder))
        for name in ["hearsay.db", "hearsay.db-wal"] {
            let text = String(decoding: try folder.read(name, byteLimit: 1 << 24) ?? [], as: UTF8.self)
            #expect(!text.contains(tokens.admin.text))
        }
    }
}
