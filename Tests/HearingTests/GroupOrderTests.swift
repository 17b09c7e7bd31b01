import Hearing
import Testing
import VoiceCore

@Suite struct GroupOrderTests {
    @Test func `what was said later waits for what began earlier`() {
        var order = GroupOrder()
        for (name, start) in [("a", 0), ("b", 1), ("c", 2)] { order.begin(UtteranceID(name), at: .seconds(start)) }
        order.add(line("c", 2), until: .seconds(99))
        #expect(order.end(UtteranceID("c")).isEmpty)
        order.add(line("b", 1), until: .seconds(99))
        #expect(order.end(UtteranceID("b")).isEmpty)
        order.add(line("a", 0), until: .seconds(99))
        #expect(order.end(UtteranceID("a")).map(\.text) == ["a", "b", "c"])
        #expect(order.isEmpty)
    }

    @Test func `what is never understood holds nothing up`() {
        var order = GroupOrder()
        order.begin(UtteranceID("noise"), at: .seconds(0))
        order.begin(UtteranceID("b"), at: .seconds(1))
        order.add(line("b", 1), until: .seconds(99))
        #expect(order.end(UtteranceID("b")).isEmpty)
        #expect(order.end(UtteranceID("noise")).map(\.text) == ["b"])
        #expect(order.end(UtteranceID("noise")).isEmpty)
    }

    @Test func `what comes after an outage is told late`() {
        var order = GroupOrder()
        for (name, start) in [("new", 50), ("old", 3)] {
            order.begin(UtteranceID(name), at: .seconds(start))
            order.add(line(name, start), until: .seconds(99))
            #expect(order.end(UtteranceID(name)).map(\.text) == [name])
        }
    }

    @Test func `what has waited long enough goes, with what began before it`() {
        var order = GroupOrder()
        for (name, start) in [("recording", 0), ("slow", 1), ("b", 2), ("c", 3)] {
            order.begin(UtteranceID(name), at: .seconds(start))
        }
        for (name, start, deadline) in [("c", 3, 44), ("b", 2, 42), ("slow", 1, 90)] {
            order.add(line(name, start), until: .seconds(deadline))
            #expect(order.end(UtteranceID(name)).isEmpty)
        }
        #expect(order.release(at: .seconds(41)).isEmpty)
        #expect(order.deadline == .seconds(42))
        #expect(order.release(at: .seconds(42)).map(\.text) == ["slow", "b"])
        #expect(order.deadline == .seconds(44))
        #expect(order.release(at: .seconds(60)).map(\.text) == ["c"])
        #expect(order.deadline == nil && !order.isEmpty)
        order.add(line("recording", 0), until: .seconds(3_600))
        #expect(order.end(UtteranceID("recording")).map(\.text) == ["recording"])
        #expect(order.isEmpty)
    }

    private func line(_ name: String, _ start: Int) -> GroupOrder.Line {
        GroupOrder.Line(
            source: SourceID(name), utterance: UtteranceID(name), speaker: nil, text: name, startedAt: .seconds(start),
            mark: ForgottenSpeech().mark(of: .default))
    }
}
