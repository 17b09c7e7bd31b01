import Flow
import Testing

@testable import Net

@Suite(.timeLimit(.minutes(1))) struct LoopThreadTests {
    /// Counts wherever the task that asks runs.
    private actor Counter {
        private(set) var count = 0

        func add() { count += 1 }
    }

    @Test func `tasks that prefer a loop run on its thread, actors of theirs included`() async throws {
        let thread = try LoopThread(label: "test.loop")
        thread.start()
        let counter = Counter()
        let pool = TaskPool()
        let handles = (0..<100).map { _ in
            pool.start(on: thread) { for _ in 0..<10 { await counter.add() } }
        }
        for handle in handles { await handle.wait() }
        #expect(await counter.count == 1000)
        thread.stop()
        await thread.waitUntilEnded()
    }

    @Test func `post that post gives rise to is delivered, however long the chain`() async throws {
        let thread = try LoopThread(label: "test.loop")
        let numbers = Numbers()
        let done = Latch()
        @Sendable func step(_ number: Int) {
            numbers.append(number)
            if number == 99 { done.open() } else { thread.run { _ in step(number + 1) } }
        }
        thread.start()
        thread.run { _ in step(0) }
        await done.wait()
        #expect(numbers.all == Array(0..<100))
        thread.stop()
        await thread.waitUntilEnded()
    }

    @Test func `post is delivered in order`() async throws {
        let thread = try LoopThread(label: "test.loop")
        let numbers = Numbers()
        for number in 0..<100 { thread.run { _ in numbers.append(number) } }
        thread.start()
        thread.stop()
        await thread.waitUntilEnded()
        #expect(numbers.all == Array(0..<100))
    }
}

/// Numbers in the order they came.
private final class Numbers: Sendable {
    private let contents = Monitor<[Int]>([])

    var all: [Int] { contents.withLock { $0 } }

    func append(_ number: Int) { contents.update { $0.append(number) } }
}
