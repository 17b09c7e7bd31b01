import Testing

@testable import Net

@Suite struct OutQueueTests {
    /// Writes at most `limit` bytes at a time and collects them.
    private func drain(_ queue: inout OutQueue, limit: Int, turns: Int = .max) -> [UInt8] {
        var scratch = [UInt8](repeating: 0, count: 16)
        var out: [UInt8] = []
        var turn = 0
        while !queue.isEmpty, turn < turns {
            _ = queue.writeNext(gatheringIn: &scratch) { bytes in
                let count = min(limit, bytes.count)
                out += bytes.extracting(0..<count).copied()
                return .transferred(count)
            }
            turn += 1
        }
        return out
    }

    @Test(arguments: [1, 3, 16, 100])
    func `everything goes out once and in order, however little is taken`(limit: Int) {
        var queue = OutQueue()
        var expected: [UInt8] = []
        for number in UInt8(0)..<200 {
            let item = [UInt8](repeating: number, count: Int(number) % 23)
            queue.append(item)
            expected += item
        }
        #expect(queue.byteCount == expected.count)
        #expect(drain(&queue, limit: limit) == expected)
        #expect(queue.byteCount == 0)
    }

    @Test func `small items leave together`() {
        var queue = OutQueue()
        for number in UInt8(0)..<4 { queue.append([number, number]) }
        #expect(drain(&queue, limit: 100, turns: 1) == [0, 0, 1, 1, 2, 2, 3, 3])
    }

    @Test func `an urgent item overtakes everything but the one that has begun`() {
        var queue = OutQueue()
        queue.append([1, 1, 1], tag: 7)
        queue.append([2, 2], tag: 7)
        queue.append([3, 3], tag: 8)
        #expect(drain(&queue, limit: 1, turns: 1) == [1])
        queue.discard(tag: 7)
        queue.appendUrgent([9])
        queue.appendUrgent([10])
        #expect(queue.byteCount == 6)
        #expect(drain(&queue, limit: 2) == [1, 1, 9, 10, 3, 3])
    }

    @Test func `discarding all keeps what has begun`() {
        var queue = OutQueue()
        queue.append([1, 2])
        queue.append([3])
        #expect(drain(&queue, limit: 1, turns: 1) == [1])
        queue.discardAll()
        queue.append([4])
        #expect(drain(&queue, limit: 9) == [2, 4])
    }
}

@Suite struct DeadlineHeapTests {
    @Test func `deadlines come in order of time`() {
        var heap = DeadlineHeap()
        var generator = SystemRandomNumberGenerator()
        let times = (0..<500).map { _ in Int64.random(in: 0..<100, using: &generator) }
        for (token, time) in times.enumerated() {
            heap.insert(DeadlineHeap.Entry(time: .seconds(time), token: UInt64(token)))
        }
        var popped: [Duration] = []
        while let entry = heap.popFirst(dueAt: .seconds(50)) { popped.append(entry.time) }
        #expect(popped == times.filter { $0 <= 50 }.sorted().map { .seconds($0) })
    }
}

@Suite struct SendProgressTests {
    @Test func `nothing taken is counted from when something began to wait`() {
        var progress = SendProgress()
        #expect(progress.pressure(unsent: 0, unacknowledged: 0, now: .seconds(1)).stalledFor == nil)
        progress.sent(100, now: .seconds(2))
        #expect(progress.pressure(unsent: 60, unacknowledged: 40, now: .seconds(3)).stalledFor == .seconds(1))
        #expect(progress.pressure(unsent: 50, unacknowledged: 40, now: .seconds(4)).stalledFor == .zero)
        #expect(progress.pressure(unsent: 40, unacknowledged: 50, now: .seconds(6)).stalledFor == .seconds(2))
        #expect(progress.pressure(unsent: 0, unacknowledged: 0, now: .seconds(7)).stalledFor == nil)
    }
}
