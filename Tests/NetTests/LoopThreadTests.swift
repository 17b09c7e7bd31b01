import Flow
import Testing

@testable import Net

@Suite(.timeLimit(.minutes(1))) struct LoopThreadTests {
    /// Counts on a loop.
    private actor Counter {
        private let thread: LoopThread
        private(set) var count = 0

        init(_ thread: LoopThread) { self.thread = thread }

        nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

        func add() { count += 1 }
    }

    @Test func `an actor runs on a loop, called by many tasks`() async throws {
        let thread = try LoopThread(label: "test.loop")
        thread.start()
        let counter = Counter(thread)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { for _ in 0..<10 { await counter.add() } } }
        }
        #expect(await counter.count == 1000)
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
