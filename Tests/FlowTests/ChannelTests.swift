import Testing

@testable import Flow

@Suite(.timeLimit(.minutes(1))) struct ChannelTests {
    @Test func `elements come out in the order in which they went in`() async throws {
        let channel = Channel<Int>(capacity: 4)
        async let read = Array(channel, limit: 100)
        for number in 0..<100 { try await channel.send(number) }
        channel.finish()
        #expect(await read == Array(0..<100))
    }

    @Test func `a full channel takes nothing more until something is read`() async {
        let channel = Channel<Int>(capacity: 2)
        #expect(channel.offer(1))
        #expect(channel.offer(2))
        #expect(!channel.offer(3))
        #expect(await channel.next() == 1)
        #expect(channel.offer(3))
    }

    @Test func `a waiting writer goes on when there is room`() async throws {
        let channel = Channel<Int>(capacity: 1)
        try await channel.send(1)
        async let second: Void = channel.send(2)
        #expect(await channel.next() == 1)
        try await second
        #expect(await channel.next() == 2)
    }

    @Test func `cancelling a waiting writer ends its wait and queues nothing`() async {
        let channel = Channel<Int>(capacity: 1)
        _ = channel.offer(1)
        let writer = Task { () async -> ChannelError? in
            do throws(ChannelError) { try await channel.send(2) } catch { return error }
            return nil
        }
        writer.cancel()
        #expect(await writer.value == .cancelled)
        channel.finish()
        #expect(await channel.next() == 1)
        #expect(await channel.next() == nil)
    }

    @Test func `cancelling a waiting reader ends its wait`() async {
        let channel = Channel<Int>(capacity: 1)
        let reader = Task { await channel.next() }
        reader.cancel()
        #expect(await reader.value == nil)
    }

    @Test func `after the end a writer is refused and the reader gets what was queued`() async {
        let channel = Channel<Int>(capacity: 3)
        _ = channel.offer(1)
        channel.finish()
        #expect(!channel.offer(2))
        await #expect(throws: ChannelError.closed) { try await channel.send(3) }
        #expect(await channel.next() == 1)
        #expect(await channel.next() == nil)
    }

    @Test func `a writer that waits when the channel ends is told so`() async {
        let channel = Channel<Int>(capacity: 1)
        _ = channel.offer(1)
        async let refusal = #expect(throws: ChannelError.closed) { try await channel.send(2) }
        channel.finish()
        _ = await refusal
    }

    @Test func `many writers and one reader lose nothing and repeat nothing`() async {
        let channel = Channel<Int>(capacity: 3)
        let sum = await withTaskGroup(of: Int.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for number in 0..<100 { try? await channel.send(writer * 100 + number) }
                    return 0
                }
            }
            group.addTask {
                var sum = 0
                for _ in 0..<800 { sum += await channel.next() ?? 0 }
                return sum
            }
            return await group.reduce(0, +)
        }
        #expect(sum == (0..<800).reduce(0, +))
    }
}

extension Array where Element: Sendable {
    fileprivate init(_ channel: Channel<Element>, limit: Int) async {
        self = []
        while count < limit, let element = await channel.next() { append(element) }
    }
}
