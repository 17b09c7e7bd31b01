import Flow
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(1))) struct CommandQueueTests {
    /// Adds if there is room; somebody cancelled does not wait for it.
    private func offer(_ work: Int, _ byteCount: Int, to queue: CommandQueue<Int>) async -> Bool {
        let adding = Task { await queue.add(work, byteCount: byteCount) }
        adding.cancel()
        return await adding.value
    }

    @Test func `work comes out in its order, and then the end`() async {
        let queue = CommandQueue<Int>()
        for number in 0..<3 { #expect(await queue.add(number, byteCount: 10)) }
        queue.finish()
        var taken: [Int] = []
        while let work = await queue.next() { taken.append(work) }
        #expect(taken == [0, 1, 2])
    }

    @Test func `no more than 64 things wait`() async {
        let queue = CommandQueue<Int>()
        for number in 0..<64 { #expect(await queue.add(number, byteCount: 10)) }
        #expect(await offer(64, 10, to: queue) == false)
        #expect(await queue.next() == 0)
        #expect(await offer(64, 10, to: queue))
    }

    @Test func `what is being done counts until the next thing is asked for`() async {
        let queue = CommandQueue<Int>()
        for number in 0..<2 { #expect(await queue.add(number, byteCount: 500_000)) }
        #expect(await queue.next() == 0)
        #expect(await offer(2, 500_000, to: queue) == false)
        #expect(await queue.next() == 1)
        #expect(await offer(2, 500_000, to: queue))
    }

    @Test func `one message may be larger than everything else together, but comes alone`() async {
        let queue = CommandQueue<Int>()
        #expect(await queue.add(0, byteCount: 8_000_000))
        #expect(await offer(1, 1, to: queue) == false)
        #expect(await queue.next() == 0)
        #expect(await offer(1, 1, to: queue) == false)
    }

    @Test func `whoever waits for room gets it when there is some`() async {
        let queue = CommandQueue<Int>()
        #expect(await queue.add(0, byteCount: 8_000_000))
        let adding = Task { await queue.add(1, byteCount: 8_000_000) }
        #expect(await queue.next() == 0)
        #expect(await queue.next() == 1)
        #expect(await adding.value)
    }
}
