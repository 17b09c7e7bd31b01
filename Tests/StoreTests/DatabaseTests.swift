import Flow
import Store
import Testing
import VoiceCore

@Suite struct DatabaseTests {
    let scratch = Scratch()

    @Test func `tokens come back as they were kept, oldest first`() async throws {
        let records = [record("tok_a", created: 1), record("tok_b", created: 2, session: "ses_x", expires: 99)]
        do {
            let database = try Database(in: DataFolder(path: scratch.folder))
            for record in records.reversed() { try await database.add(record) }
        }
        #expect(try await Database(in: DataFolder(path: scratch.folder)).tokens() == records)
    }

    @Test func `a token of the same id takes the place of the old one`() async throws {
        let database = try Database(in: DataFolder(path: scratch.folder))
        try await database.add(record("tok_a", created: 1))
        var second = record("tok_a", created: 2)
        second.digest = [9]
        try await database.add(second)
        #expect(try await database.tokens() == [second])
    }

    @Test func `a token is removed once`() async throws {
        let database = try Database(in: DataFolder(path: scratch.folder))
        try await database.add(record("tok_a", created: 1))
        #expect(try await database.remove(TokenID("tok_a")))
        #expect(try await !database.remove(TokenID("tok_a")))
        #expect(try await database.tokens().isEmpty)
    }

    @Test func `labels and ids are data, not SQL`() async throws {
        let database = try Database(in: DataFolder(path: scratch.folder))
        var odd = record("tok'); DROP TABLE tokens; --", created: 1)
        odd.label = "Zoë's 📻 \"link\"\u{0}"
        try await database.add(odd)
        #expect(try await database.tokens().first?.grant.token == odd.grant.token)
    }

    @Test func `event numbers are never given twice, over restarts either`() async throws {
        var ranges: [Range<UInt64>] = []
        for _ in 0..<2 {
            let database = try Database(in: DataFolder(path: scratch.folder))
            ranges.append(try await database.reserveSequence())
            ranges.append(try await database.reserveSequence())
        }
        #expect(ranges == [1..<100_001, 100_001..<200_001, 200_001..<300_001, 300_001..<400_001])
    }

    @Test func `the keeper reserves before the numbers run out`() async throws {
        let database = try Database(in: DataFolder(path: scratch.folder))
        let first = try await database.reserveSequence()
        let broadcast = Broadcast<Int>(first: 95_000, reservedEnd: first.upperBound)
        let keeper = Task { try await SequenceKeeper(database: database, broadcast: broadcast).run() }
        let reserved = await broadcast.waitForLowReserve(margin: 110_000)
        #expect(reserved == 100_001 || reserved == 200_001)
        while await broadcast.waitForLowReserve(margin: 110_000) == 100_001 { await Task.yield() }
        #expect(await broadcast.waitForLowReserve(margin: 110_000) == 200_001)
        keeper.cancel()
        try await keeper.value
    }

    @Test func `a database of the first version is taken over with its tokens`() async throws {
        let old = record("tok_a", created: 1, session: "ses_x")
        try await Database(in: DataFolder(path: scratch.folder)).add(old)
        for table in [
            "utterances_words", "drafts_words", "recordings", "draft_parts", "drafts", "utterances", "source_marks",
            "request_keys", "job_steps", "jobs", "sessions",
        ] {
            scratch.run("DROP TABLE \(table)", on: "data/hearsay.db")
        }
        for column in ["room", "rate"] {
            scratch.run("ALTER TABLE tokens DROP COLUMN \(column)", on: "data/hearsay.db")
        }
        scratch.run("PRAGMA user_version = 1", on: "data/hearsay.db")
        let database = try Database(in: DataFolder(path: scratch.folder))
        #expect(try await database.tokens() == [old])
        var new = record("tok_b", created: 2)
        new.grant.room = "studio"
        new.grant.rate = Rate(20, per: .minute)
        try await database.add(new)
        #expect(try await database.tokens() == [old, new])
    }

    @Test func `a database of a newer program is left alone`() throws {
        let folder = try DataFolder(path: scratch.folder)
        _ = try Database(in: folder)
        scratch.run("PRAGMA user_version = 99", on: "data/hearsay.db")
        let error = failure { () throws(StoreError) in try Database(in: folder) }
        #expect(error == .newerSchema(path: folder.file("hearsay.db"), found: 99, known: 12))
        #expect(error?.description.contains("update hearsay") == true)
    }

    @Test func `a file that is no database is named as damaged`() throws {
        let folder = try DataFolder(path: scratch.folder)
        scratch.writeFile("data/hearsay.db", String(repeating: "not a database ", count: 300))
        let error = failure { () throws(StoreError) in try Database(in: folder) }
        #expect(error == .damaged(path: folder.file("hearsay.db")))
    }

    private func record(
        _ id: String, created: Int64, session: String? = nil, expires: Int64? = nil
    ) -> TokenRecord {
        TokenRecord(
            grant: Grant(
                token: TokenID(id), scopes: [.speak, .events], session: session.map { SessionID($0) },
                expiresAt: expires.map(WallTime.init(milliseconds:))),
            label: "a label", digest: Array(id.utf8), createdAt: WallTime(milliseconds: created))
    }
}
