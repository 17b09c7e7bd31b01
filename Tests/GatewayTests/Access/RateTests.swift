import Flow
import Gateway
import Net
import Testing
import VoiceCore
import VoiceTesting

@Suite struct RateTests {
    @Test(arguments: [("20/s", 20, Rate.Unit.second), ("60/min", 60, .minute), ("1000/h", 1_000, .hour)])
    func `a rate is a count and a unit`(_ text: String, _ count: Int, _ unit: Rate.Unit) {
        #expect(Rate(text) == Rate(count, per: unit))
        #expect(Rate(text)?.text == text)
    }

    @Test(arguments: ["", "20", "/s", "20/", "0/s", "-1/s", "+1/s", "20/d", "2.5/s", "20/s/s", "20 /s", "1000001/s"])
    func `anything else is none`(_ text: String) {
        #expect(Rate(text) == nil)
    }

    @Test func `so many come at once, and then one after each interval`() {
        var gauge = RateGauge()
        let rate = Rate(4, per: .second)
        let start = Duration.seconds(1_000)
        for _ in 0..<4 { #expect(gauge.take(of: rate, at: start) == nil) }
        #expect(gauge.take(of: rate, at: start) == .milliseconds(250))
        #expect(gauge.take(of: rate, at: start + .milliseconds(249)) == .milliseconds(1))
        #expect(gauge.take(of: rate, at: start + .milliseconds(250)) == nil)
        #expect(gauge.take(of: rate, at: start + .milliseconds(250)) == .milliseconds(250))
        for _ in 0..<4 { #expect(gauge.take(of: rate, at: start + .seconds(9)) == nil) }
        #expect(gauge.take(of: rate, at: start + .seconds(9)) != nil)
    }

    @Test func `over a long time no more come than the rate, however they are spread`() {
        var random = SystemRandomNumberGenerator()
        var gauge = RateGauge()
        let rate = Rate(10, per: .second)
        var now = Duration.zero
        var passed = 0
        while now < .seconds(100) {
            now += .milliseconds(Int.random(in: 0...60, using: &random))
            if gauge.take(of: rate, at: now) == nil { passed += 1 }
        }
        #expect((1_000 - 10...1_000 + 20).contains(passed), "\(passed)")
    }

    @Test func `a table forgets whom it has not seen for longest`() {
        var table = RecentTable<Int, Int>(limit: 3)
        func add(_ key: Int) -> Int {
            table.update(key, initial: 0) { value in
                value += 1
                return value
            }
        }
        #expect([1, 2, 3, 1].map(add) == [1, 1, 1, 2])
        #expect([4, 1, 3].map(add) == [1, 3, 2])  // 2 was forgotten
        #expect([2, 4].map(add) == [1, 1])  // for 4, then for 1
        #expect([3, 2, 4].map(add) == [3, 2, 2])
        #expect(table.count == 3)
    }

    @Test func `a table of one remembers the last`() {
        var table = RecentTable<Int, Int>(limit: 1)
        for key in [1, 1, 2, 2, 1] { table.update(key, initial: key * 10) { $0 += 1 } }
        #expect(table.update(1, initial: 0) { $0 } == 11)
        #expect(table.count == 1)
    }

    @Test func `wrong tokens are refused at once, then later and later, then not looked at`() {
        var wrong = WrongTokens()
        let answers = (0..<62).map { _ in wrong.add(at: .seconds(5)) }
        #expect(answers.prefix(10).allSatisfy { $0 == .after(.zero) })
        #expect(answers[10] == .after(.milliseconds(50)) && answers[11] == .after(.milliseconds(100)))
        #expect(answers[16..<60].allSatisfy { $0 == .after(.seconds(2)) })
        #expect(answers[60] == .flood(retryAfter: .seconds(1)))
        #expect(wrong.add(at: .seconds(6)) == .after(.seconds(2)))
        #expect(wrong.add(at: .seconds(80)) == .after(.zero))
    }
}

@Suite struct TurnstileTests {
    let clock = ManualTimeline()

    private func turnstile(_ change: (inout Rates) -> Void = { _ in }) -> Turnstile {
        var rates = Rates()
        change(&rates)
        return Turnstile(rates: rates, timeline: clock.timeline)
    }

    private func peer(_ host: String) -> SocketAddress { SocketAddress(host: host, port: 1) }

    @Test func `each address has a rate of its own, and this machine has none`() {
        let turnstile = turnstile { $0.peer = Rate(2, per: .second) }
        for host in ["192.0.2.1", "192.0.2.2"] {
            #expect((0..<3).map { _ in turnstile.pass(peer(host), isLocal: false) == nil } == [true, true, false])
        }
        #expect((0..<9).allSatisfy { _ in turnstile.pass(peer("127.0.0.1"), isLocal: true) == nil })
        #expect(turnstile.pass(peer("192.0.2.1"), isLocal: false) == .milliseconds(500))
        clock.advance(by: .milliseconds(500))
        #expect(turnstile.pass(peer("192.0.2.1"), isLocal: false) == nil)
    }

    @Test func `the addresses of one IPv6 network count as one`() {
        let turnstile = turnstile { $0.peer = Rate(1, per: .second) }
        #expect(turnstile.pass(peer("2001:db8::1"), isLocal: false) == nil)
        #expect(turnstile.pass(peer("2001:db8::ffff:2"), isLocal: false) != nil)
        #expect(turnstile.pass(peer("2001:db8:0:1::1"), isLocal: false) == nil)
    }

    @Test func `a token has its own rate, else that of its kind`() {
        let turnstile = turnstile {
            $0.token = Rate(2, per: .second)
            $0.admin = nil
        }
        let slow = Grant(token: TokenID("slow"), scopes: .all, rate: Rate(1, per: .hour))
        let usual = Grant(token: TokenID("usual"), scopes: .speak)
        let admin = Grant(token: TokenID("admin"), scopes: .admin)
        #expect((0..<2).map { _ in turnstile.pass(slow) == nil } == [true, false])
        #expect((0..<3).map { _ in turnstile.pass(usual) == nil } == [true, true, false])
        #expect((0..<9_999).allSatisfy { _ in turnstile.pass(admin) == nil })
    }

    @Test func `wrong tokens of one address do not count for another`() {
        let turnstile = turnstile()
        for _ in 0..<100 { _ = turnstile.wrongToken(from: peer("192.0.2.1")) }
        #expect(turnstile.wrongToken(from: peer("192.0.2.1")) != .after(.zero))
        #expect(turnstile.wrongToken(from: peer("192.0.2.2")) == .after(.zero))
    }
}
