import Flow
import Testing

@Suite struct LineupTests {
    private struct Broken: Error {}

    @Test func `a name is taken once`() {
        let lineup = Lineup<Int>()
        #expect(lineup.add(1, named: "one") && lineup.add(2, named: "two"))
        #expect(!lineup.add(3, named: "one"))
        lineup.append(0, named: "none", first: true)
        #expect(lineup.members == [0, 1, 2])
        lineup.remove(named: "one")
        #expect(lineup.members == [0, 2])
    }

    @Test func `members run from when they come until they are taken out`() async throws {
        let lineup = Lineup<Int>()
        let running = Monitor<Set<Int>>([])
        let left = Monitor<[Int]>([])
        _ = lineup.add(1, named: "one")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await lineup.run { member in
                    running.update { _ = $0.insert(member) }
                    _ = await Latch().wait()
                    running.update { _ = $0.remove(member) }
                } left: { member in
                    left.update { $0.append(member) }
                }
            }
            _ = await running.wait { $0 == [1] ? true : nil }
            _ = lineup.add(2, named: "two")
            _ = await running.wait { $0 == [1, 2] ? true : nil }
            lineup.remove(named: "one")
            _ = await left.wait { $0 == [1] ? true : nil }
            #expect(running.withLock { $0 } == [2])
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(running.withLock { $0 }.isEmpty && left.withLock { $0 } == [1])
    }

    @Test func `a member that fails ends all`() async {
        let lineup = Lineup<Int>()
        _ = lineup.add(1, named: "one")
        _ = lineup.add(2, named: "two")
        await #expect(throws: Broken.self) {
            try await lineup.run { member in
                if member == 2 { throw Broken() }
                _ = await Latch().wait()
            } left: { _ in
            }
        }
    }
}
