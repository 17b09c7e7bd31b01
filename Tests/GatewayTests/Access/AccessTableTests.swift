import Flow
import Gateway
import Secrets
import Testing
import VoiceCore

@Suite struct AccessTableTests {
    let store = MemoryTokenStore()
    let robot = Grant(token: TokenID("tok_robot"), scopes: .speak)
    let clock = Monitor(WallTime(milliseconds: 1_000_000))

    private var table: AccessTable {
        AccessTable(store: store, wallTime: { [clock] in clock.withLock { $0 } })
    }

    private func advance(_ duration: Duration) { clock.withLock { $0 = $0 + duration } }

    @Test func `a new token works at once, and after a restart`() async throws {
        let table = table
        let made = try #require(
            try await table.create(
                Grant(token: .random(), scopes: [.speak], session: SessionID("a")), expiresIn: nil, label: "robot"))
        #expect(table.grant(for: made.token) == made.record.grant)
        let next = self.table
        #expect(next.grant(for: made.token) == nil)
        try await next.load()
        #expect(next.grant(for: made.token) == made.record.grant)
    }

    @Test func `an unknown token is nobody's`() async throws {
        let table = table
        _ = try await table.create(Grant(token: .random(), scopes: .all), expiresIn: nil, label: "")
        #expect(table.grant(for: .random()) == nil)
    }

    @Test func `a token of the same first bytes is still unknown`() async throws {
        let token = SecretToken.random()
        let others = token.digest.prefix(8) + Array(repeating: 0, count: 24)
        let grant = Grant(token: TokenID("tok_x"), scopes: .all)
        try await store.add(
            TokenRecord(grant: grant, label: "", digest: Array(others), createdAt: WallTime(milliseconds: 0)))
        let table = table
        try await table.load()
        #expect(table.grant(for: token) == nil)
    }

    @Test func `an expired token stops at its time and leaves the store`() async throws {
        let table = table
        let made = try #require(
            try await table.create(robot, expiresIn: .seconds(60), label: ""))
        advance(.milliseconds(59_999))
        #expect(table.grant(for: made.token) != nil)
        advance(.milliseconds(1))
        #expect(table.grant(for: made.token) == nil)
        #expect(table.list().isEmpty)
        #expect(await table.waitForEnd(of: made.record.grant) == .expired)
        try await self.table.load()
        #expect(try await store.tokens().isEmpty)
    }

    @Test func `a revoked token is refused, and whoever uses it is told`() async throws {
        let table = table
        let made = try #require(try await table.create(robot, expiresIn: nil, label: ""))
        async let ending = table.waitForEnd(of: made.record.grant)
        #expect(try await table.revoke(made.record.grant.token))
        #expect(await ending == .revoked)
        #expect(table.grant(for: made.token) == nil)
        #expect(try await !table.revoke(made.record.grant.token))
    }

    @Test func `a wait for an end is over when it is cancelled`() async throws {
        let table = table
        let made = try #require(try await table.create(robot, expiresIn: nil, label: ""))
        let waiting = Task { await table.waitForEnd(of: made.record.grant) }
        waiting.cancel()
        #expect(await waiting.value == nil)
    }

    @Test func `a token that cannot be kept is not given out`() async throws {
        let table = table
        store.breakDown()
        await #expect(throws: MemoryTokenStore.Failure.self) {
            try await table.create(robot, expiresIn: nil, label: "")
        }
        #expect(table.list().isEmpty)
    }

    @Test func `a revocation counts even if it cannot be kept`() async throws {
        let table = table
        let made = try #require(try await table.create(robot, expiresIn: nil, label: ""))
        store.breakDown()
        await #expect(throws: MemoryTokenStore.Failure.self) { try await table.revoke(made.record.grant.token) }
        #expect(table.grant(for: made.token) == nil)
    }

    @Test func `a renewed token has a new secret, and whoever used the old one is told`() async throws {
        let kept = Monitor<[TokenID: String]>([:])
        let table = AccessTable(
            store: store, keepOwn: { id, token in kept.withLock { $0[id] = token.text } })
        let made = try #require(try await table.create(robot, expiresIn: nil, label: "robot"))
        async let ending = table.waitForEnd(of: made.record.grant)
        let renewed = try #require(try await table.renew(robot.token))
        #expect(await ending == .revoked)
        #expect(table.grant(for: made.token) == nil && !table.isLiving(made.record.grant))
        #expect(table.grant(for: renewed.token) == renewed.record.grant && table.isLiving(renewed.record.grant))
        #expect(renewed.record.grant.token == robot.token && renewed.record.label == "robot")
        #expect(kept.withLock { $0 } == [robot.token: renewed.token.text])
        let next = self.table
        try await next.load()
        #expect(next.grant(for: renewed.token) != nil && next.grant(for: made.token) == nil)
        #expect(try await table.renew(TokenID("tok_other")) == nil)
    }

    @Test func `an end may be told of before it comes`() async throws {
        let table = table
        let made = try #require(try await table.create(robot, expiresIn: .seconds(90), label: ""))
        advance(.seconds(30))
        #expect(await table.waitForEnd(of: made.record.grant, notice: .seconds(60)) == .expired)
        #expect(table.isLiving(made.record.grant))
        #expect(table.timeLeft(of: made.record.grant) == .seconds(60))
        advance(.seconds(60))
        #expect(!table.isLiving(made.record.grant))
    }

    @Test func `work stops when its token ends`() async throws {
        let table = table
        let made = try #require(try await table.create(robot, expiresIn: nil, label: ""))
        #expect(await table.whileLiving(made.record.grant) { 7 } == 7)
        async let stopped: Int? = table.whileLiving(made.record.grant) { await Latch().wait() ? 7 : nil }
        #expect(try await table.revoke(robot.token))
        #expect(await stopped == nil)
    }
}
