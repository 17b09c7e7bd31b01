import Flow
import VoiceCore

/// Tokens in memory; can be told to fail as a full disk does.
final class MemoryTokenStore: TokenStore {
    struct Failure: Error {}

    private struct Contents: Sendable {
        var records: [TokenRecord] = []
        var isBroken = false
    }

    private let contents = Monitor(Contents())

    func breakDown() { contents.withLock { $0.isBroken = true } }

    func tokens() async throws -> [TokenRecord] { contents.withLock { $0.records } }

    func add(_ token: TokenRecord) async throws {
        try check()
        contents.withLock { contents in
            contents.records.removeAll { $0.grant.token == token.grant.token }
            contents.records.append(token)
        }
    }

    func remove(_ id: TokenID) async throws -> Bool {
        try check()
        return contents.withLock { contents in
            let count = contents.records.count
            contents.records.removeAll { $0.grant.token == id }
            return contents.records.count < count
        }
    }

    private func check() throws {
        if contents.withLock({ $0.isBroken }) { throw Failure() }
    }
}
