import Hearing
import Testing

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
}
