import Hearing
import Testing
import VoiceCore

@Suite struct GroupOrderTests {
    @Test func `what was said later waits for what began earlier`() {
        var order = GroupOrder()
        for (name, start) in [("a", 0), ("b", 1), ("c", 2)] { order.begin(UtteranceID(name), at: .seconds(start)) }
        order.add(line("c", 2))
        #expect(order.end(UtteranceID("c")).isEmpty)
        order.add(line("b", 1))
        #expect(order.end(UtteranceID("b")).isEmpty)
        order.add(line("a", 0))
        #expect(order.end(UtteranceID("a")).map(\.text) == ["a", "b", "c"])
        #expect(order.isEmpty)
    }

    @Test func `what is never understood holds nothing up`() {
        var order = GroupOrder()
        order.begin(UtteranceID("noise"), at: .seconds(0))
        order.begin(UtteranceID("b"), at: .seconds(1))
        order.add(line("b", 1))
        #expect(order.end(UtteranceID("b")).isEmpty)
        #expect(order.end(UtteranceID("noise")).map(\.text) == ["b"])
        #expect(order.end(UtteranceID("noise")).isEmpty)
    }

    @Test func `what comes after an outage is told late`() {
        var order = GroupOrder()
        for (name, start) in [("new", 50), ("old", 3)] {
            order.begin(UtteranceID(name), at: .seconds(start))
            order.add(line(name, start))
            #expect(order.end(UtteranceID(name)).map(\.text) == [name])
        }
    }

    private func line(_ name: String, _ start: Int) -> GroupOrder.Line {
        GroupOrder.Line(
            source: SourceID(name), utterance: UtteranceID(name), speaker: nil, text: name, startedAt: .seconds(start))
    }
}
