package import Flow
package import Secrets
package import VoiceCore

/// All living tokens, in memory, so that a request is judged in the turn in which it is read.
///
/// Wrong tokens leave no trace here, so nobody can fill the memory with them.
package final class AccessTable: Sendable {
    /// Why a grant is over.
    package enum Ending: Hashable, Sendable {
        case expired, revoked
    }

    /// How many tokens live at once at most.
    package static let tokenLimit = 10_000
    /// How long a wait for an expiry lasts before the wall clock is asked again, since it may be set.
    private static let longestWait = Duration.seconds(10)

    fileprivate struct Contents: Sendable {
        var records: [TokenID: TokenRecord] = [:]
        /// By the first 8 bytes of the digest; from these nobody can compute a token.
        var index: [UInt64: [TokenID]] = [:]
    }

    private let contents = Monitor(Contents())
    private let store: any TokenStore
    private let timeline: Timeline
    private let wallTime: @Sendable () -> WallTime
    private let keepOwn: @Sendable (TokenID, SecretToken) throws -> Void

    /// - Parameters:
    ///   - wallTime: What expiries are measured by.
    ///   - keepOwn: Writes a renewed token where the server's owner finds it, if it is one that is kept in a file.
    package init(
        store: any TokenStore, timeline: Timeline = .live(),
        wallTime: @escaping @Sendable () -> WallTime = { WallTime.now() },
        keepOwn: @escaping @Sendable (TokenID, SecretToken) throws -> Void = { _, _ in }
    ) {
        self.keepOwn = keepOwn
        self.store = store
        self.timeline = timeline
        self.wallTime = wallTime
    }

    /// Reads the store, once, before the first request; expired tokens are removed from it.
    package func load() async throws {
        let now = wallTime()
        for record in try await store.tokens() {
            if record.grant.hasExpired(at: now) {
                _ = try await store.remove(record.grant.token)
            } else {
                contents.update { $0.insert(record) }
            }
        }
    }

    /// What a token allows now.
    ///
    /// - Returns: nil for one that is unknown, revoked or expired.
    package func grant(for token: SecretToken) -> Grant? {
        let digest = token.digest
        let grant = contents.withLock { contents in
            contents.index[digest.prefixNumber]?
                .compactMap { contents.records[$0] }
                .first { ConstantTime.areEqual($0.digest, digest) }?.grant
        }
        guard let grant, !grant.hasExpired(at: wallTime()) else { return nil }
        return grant
    }

    /// Whether a grant that was given is still good.
    package func isLiving(_ grant: Grant) -> Bool {
        contents.withLock { $0.records[grant.token]?.grant } == grant && !grant.hasExpired(at: wallTime())
    }

    /// How long a grant is good for; nil for ever.
    package func timeLeft(of grant: Grant) -> Duration? {
        grant.expiresAt.map { $0.duration(since: wallTime()) }
    }

    /// Runs `work` until the grant is over.
    ///
    /// - Returns: What `work` returned; nil when it was cancelled because the token ended.
    package func whileLiving<Result: Sendable>(
        _ grant: Grant, _ work: @escaping @Sendable () async -> Result?
    ) async -> Result? {
        await withTaskGroup(of: Result?.self) { group in
            group.addTask { await work() }
            group.addTask { [self] in
                _ = await waitForEnd(of: grant)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    /// Waits until a grant is over; tells it well within a second.
    ///
    /// - Parameter notice: How long before its expiry to return.
    /// - Returns: nil when the waiting task was cancelled.
    package func waitForEnd(of grant: Grant, notice: Duration = .zero) async -> Ending? {
        while !Task.isCancelled {
            let left = timeLeft(of: grant).map { $0 - notice }
            if let left, left <= .zero { return .expired }
            let isRevoked = await waitForRevocation(of: grant, within: left)
            if isRevoked { return .revoked }
        }
        return nil
    }

    /// Makes a token; it works as soon as this returns.
    ///
    /// - Parameter grant: What it allows; its expiry is set here.
    /// - Returns: The token, shown this once, and what is kept of it; nil when there are too many.
    package func create(
        _ grant: Grant, expiresIn: Duration?, label: String
    ) async throws -> (token: SecretToken, record: TokenRecord)? {
        guard contents.withLock({ $0.records.count }) < Self.tokenLimit else { return nil }
        let token = SecretToken.random()
        let now = wallTime()
        var grant = grant
        grant.expiresAt = expiresIn.map { now + $0 }
        let record = TokenRecord(grant: grant, label: label, digest: token.digest, createdAt: now)
        try await store.add(record)
        contents.update { $0.insert(record) }
        return (token, record)
    }

    /// Gives a token a new secret; what the old one began ends as by a revocation.
    ///
    /// - Returns: The new secret, shown this once, and what is kept of it; nil if there is no such token.
    package func renew(_ id: TokenID) async throws -> (token: SecretToken, record: TokenRecord)? {
        guard var record = contents.withLock({ $0.records[id] }), !record.grant.hasExpired(at: wallTime()) else {
            return nil
        }
        let token = SecretToken.random()
        record.digest = token.digest
        record.grant.renewals += 1
        try keepOwn(id, token)
        try await store.add(record)
        contents.update { [record] in $0.insert(record) }
        return (token, record)
    }

    /// Ends a token; it stops working at once, even if the store then fails.
    ///
    /// - Returns: Whether there was such a token.
    package func revoke(_ id: TokenID) async throws -> Bool {
        let wasHere = contents.update { $0.remove(id) }
        let wasKept = try await store.remove(id)
        return wasHere || wasKept
    }

    /// The living tokens, oldest first.
    package func list() -> [TokenRecord] {
        let now = wallTime()
        return contents.withLock { Array($0.records.values) }
            .filter { !$0.grant.hasExpired(at: now) }
            .sorted { ($0.createdAt, $0.grant.token) < ($1.createdAt, $1.grant.token) }
    }

    private func waitForRevocation(of grant: Grant, within left: Duration?) async -> Bool {
        let contents = contents
        let revocation: @Sendable () async -> Bool? = {
            await contents.wait { $0.records[grant.token]?.grant == grant ? nil : true }
        }
        guard let left else { return await revocation() ?? false }
        return await timeline.limit(min(left, Self.longestWait), revocation) ?? false
    }
}

extension AccessTable.Contents {
    mutating func insert(_ record: TokenRecord) {
        _ = remove(record.grant.token)
        records[record.grant.token] = record
        index[record.digest.prefixNumber, default: []].append(record.grant.token)
    }

    mutating func remove(_ id: TokenID) -> Bool {
        guard let record = records.removeValue(forKey: id) else { return false }
        let key = record.digest.prefixNumber
        index[key]?.removeAll { $0 == id }
        if index[key]?.isEmpty == true { index.removeValue(forKey: key) }
        return true
    }
}

extension [UInt8] {
    /// The first 8 bytes as a number.
    fileprivate var prefixNumber: UInt64 {
        prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension Grant {
    fileprivate func hasExpired(at time: WallTime) -> Bool {
        expiresAt.map { $0 <= time } ?? false
    }
}

extension WallTime {
    fileprivate func duration(since earlier: WallTime) -> Duration {
        .milliseconds(milliseconds - earlier.milliseconds)
    }
}
