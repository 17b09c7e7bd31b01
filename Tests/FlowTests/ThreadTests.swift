import Testing

@testable import Flow

@Suite(.timeLimit(.minutes(1))) struct ThreadTests {
    private actor Counter {
        private let thread = DedicatedThread(label: "test.counter")
        nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }
        private var count = 0

        func add() -> Int {
            count += 1
            return count
        }
    }

    @Test func `an actor with a thread of its own runs every call, one at a time`() async {
        let counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 { group.addTask { _ = await counter.add() } }
        }
        #expect(await counter.add() == 201)
    }

    @Test func `a pool cancels its tasks when it stops and starts no more`() async throws {
        let pool = TaskPool()
        let cancelled = Monitor(0)
        for _ in 0..<3 {
            pool.start {
                await Latch().wait()
                cancelled.update { $0 += 1 }
            }
        }
        let run = Task { try await pool.run() }
        run.cancel()
        try await run.value
        #expect(cancelled.withLock { $0 } == 3)
        let late = pool.start { cancelled.update { $0 = -1 } }
        await late.wait()
        #expect(cancelled.withLock { $0 } == 3)
    }

    @Test func `cancelling one task of a pool leaves the others alone`() async {
        let pool = TaskPool()
        let first = pool.start { await Latch().wait() }
        let latch = Latch()
        let second = pool.start { await latch.wait() }
        first.cancel()
        await first.wait()
        #expect(pool.count == 1)
        latch.open()
        await second.wait()
    }
}
