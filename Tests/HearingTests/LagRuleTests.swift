import Hearing
import Testing
import VoiceCore

@Suite struct LagRuleTests {
    @Test func `a lag is told while it lasts and once when it is over`() {
        var rule = LagRule()
        #expect(rule.look(at: .milliseconds(1_900)) == [])
        #expect(rule.look(at: .seconds(3)) == [.tell(.seconds(3))])
        #expect(rule.look(at: .seconds(4)) == [.tell(.seconds(4))])
        #expect(rule.look(at: .zero) == [.tell(.zero)])
        #expect(rule.look(at: .zero) == [])
    }

    @Test func `a client is slowed down once and let go once`() {
        var rule = LagRule()
        #expect(rule.look(at: .seconds(6)) == [.tell(.seconds(6)), .slowDown])
        #expect(rule.look(at: .seconds(6)) == [])
        #expect(rule.look(at: .seconds(4)) == [.tell(.seconds(4))])
        #expect(rule.look(at: .seconds(1)) == [.tell(.zero), .goOn])
        #expect(rule.look(at: .seconds(9)) == [.tell(.seconds(9)), .slowDown])
    }

    @Test(arguments: [
        (0, Shedding.nothing), (999, .nothing), (1_000, .secondReadings), (1_999, .secondReadings), (2_000, .partials),
        (60_000, .partials),
    ])
    func `second readings are given up before partial text`(milliseconds: Int, given: Shedding) {
        #expect(Shedding(lag: .milliseconds(milliseconds)) == given)
    }

    @Test func `who is behind most decides for all, until he has caught up`() {
        let load = HearingLoad()
        let (one, other) = (SourceID("one"), SourceID("other"))
        load.note(.milliseconds(1_500), of: one)
        load.note(.seconds(3), of: other)
        #expect(load.shedding == .partials)
        load.note(.zero, of: other)
        #expect(load.shedding == .secondReadings)
        load.note(.zero, of: one)
        #expect(load.shedding == .nothing)
    }
}
