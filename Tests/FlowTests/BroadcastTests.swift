import Testing

@testable import Flow

@Suite(.timeLimit(.minutes(1))) struct BroadcastTests {
    private func facts(_ cursor: inout BroadcastCursor<String>, count: Int) async -> [String] {
        var read: [String] = []
        while read.count < count, let item = await cursor.next() {
            switch item {
            case .fact(let sequence, let text): read.append("\(sequence) \(text)")
            case .reading(let text): read.append("- \(text)")
            case .lost(let range): read.append("lost \(range.lowerBound)-\(range.upperBound)")
            }
        }
        return read
    }

    @Test func `facts are numbered and read in order by everybody`() async {
        let broadcast = Broadcast<String>(first: 5)
        var early = broadcast.cursor()
        broadcast.publish("a")
        var late = broadcast.cursor()
        broadcast.publish("b")
        #expect(await facts(&early, count: 2) == ["5 a", "6 b"])
        #expect(await facts(&late, count: 1) == ["6 b"])
    }

    @Test func `a reader that names its last fact gets what followed, none missing and none twice`() async {
        let broadcast = Broadcast<String>()
        for number in 1...10 { broadcast.publish("\(number)") }
        var cursor = broadcast.cursor(after: 7)
        broadcast.publish("11")
        #expect(await facts(&cursor, count: 4) == ["8 8", "9 9", "10 10", "11 11"])
    }

    @Test func `a reader that the ring overtook is told what it lost and goes on`() async {
        let broadcast = Broadcast<String>(capacity: 3)
        var cursor = broadcast.cursor()
        for number in 1...5 { broadcast.publish("\(number)") }
        #expect(await facts(&cursor, count: 4) == ["lost 1-2", "3 3", "4 4", "5 5"])
        #expect(broadcast.bounds == (newest: 5, oldest: 3))
    }

    @Test func `what is fleeting is told to those who are there, and to nobody who comes later`() async {
        let broadcast = Broadcast<String> { $0.hasPrefix("secret") }
        var there = broadcast.cursor()
        for text in ["a", "secret b", "c"] { broadcast.publish(text) }
        var later = broadcast.cursor(after: 0)
        broadcast.publish("secret d")
        broadcast.publish("e")
        #expect(await facts(&there, count: 5) == ["1 a", "2 secret b", "3 c", "4 secret d", "5 e"])
        #expect(await facts(&later, count: 4) == ["1 a", "3 c", "4 secret d", "5 e"])
    }

    @Test func `of each subject only the newest reading waits, between the facts around it`() async {
        let broadcast = Broadcast<String>()
        var cursor = broadcast.cursor()
        broadcast.publish("started")
        for position in 1...50 { broadcast.publish(reading: "at \(position)", of: "job") }
        broadcast.publish("other")
        #expect(await facts(&cursor, count: 3) == ["1 started", "- at 50", "2 other"])
    }

    @Test func `a reading ends with the fact that ends its subject`() async {
        let broadcast = Broadcast<String>()
        var cursor = broadcast.cursor()
        broadcast.publish(reading: "at 1", of: "job")
        broadcast.publish("finished", ending: ["job"])
        #expect(await facts(&cursor, count: 1) == ["1 finished"])
    }

    @Test func `a filter leaves numbers out but keeps their order`() async {
        let broadcast = Broadcast<String>()
        var cursor = broadcast.cursor { $0.hasPrefix("x") }
        for text in ["x", "y", "y", "x"] { broadcast.publish(text) }
        #expect(await facts(&cursor, count: 2) == ["1 x", "4 x"])
    }

    @Test func `a waiting reader wakes, and ends by cancellation or at the end`() async {
        let broadcast = Broadcast<String>()
        let reader = Task {
            var cursor = broadcast.cursor()
            return await cursor.next() == nil
        }
        reader.cancel()
        #expect(await reader.value)
        broadcast.finish()
        var cursor = broadcast.cursor()
        #expect(await cursor.next() == nil)
    }

    @Test func `what is forgotten was never told, and the numbers of the rest stay`() async {
        let broadcast = Broadcast<String>()
        for fact in ["a", "secret 1", "b", "secret 2"] { broadcast.publish(fact) }
        broadcast.publish(reading: "secret reading", of: "one")
        broadcast.forget { $0.hasPrefix("secret") }
        var cursor = broadcast.cursor(after: 0)
        broadcast.publish("c")
        #expect(await facts(&cursor, count: 3) == ["1 a", "3 b", "5 c"])
        #expect(cursor.nextIfAny() == nil)
    }

    @Test func `numbers near the end of the reserve are announced`() async {
        let broadcast = Broadcast<String>(first: 1, reservedEnd: 100)
        async let end = broadcast.waitForLowReserve(margin: 50)
        for _ in 0..<60 { broadcast.publish("x") }
        #expect(await end == 100)
        broadcast.extendReserve(to: 200)
        let waiting = Task { await broadcast.waitForLowReserve(margin: 50) }
        waiting.cancel()
        #expect(await waiting.value == nil)
    }
}
