import Testing

@testable import Remote

@Suite struct LineWatchTests {
    private static let frame = Duration.milliseconds(60)

    /// One that waits for the server's word from the beginning on.
    private static func waiting(since start: Duration = .zero) -> LineWatch {
        var watch = LineWatch()
        watch.wait(at: start)
        return watch
    }

    /// Sends frames of 60 ms in real time, so long as the line is not dead.
    ///
    /// - Returns: When it was; nil if it never was.
    private static func speak(_ watch: inout LineWatch, from start: Duration, to end: Duration) -> Duration? {
        var now = start
        while now < end {
            if watch.isDead(at: now) { return now }
            _ = watch.send(at: now)
            now += frame
        }
        return nil
    }

    @Test func `a line on which nothing answers is dead after 6 s`() throws {
        var watch = Self.waiting()
        let end = try #require(Self.speak(&watch, from: .zero, to: .seconds(60)))
        #expect(end >= .seconds(6) && end <= .seconds(7))
    }

    @Test func `a server that stands still for less goes on`() {
        var watch = Self.waiting()
        #expect(Self.speak(&watch, from: .zero, to: .seconds(6)) == nil)
        watch.receive()
        watch.wait(at: .seconds(6))
        #expect(watch.deadline == nil)
        #expect(Self.speak(&watch, from: .seconds(6), to: .seconds(12)) == nil)
    }

    @Test func `who sends nothing is owed nothing`() {
        let watch = Self.waiting()
        #expect(watch.deadline == nil && !watch.isDead(at: .seconds(3_600)))
    }

    @Test func `frames between two acknowledgements need none of their own`() {
        var watch = Self.waiting(since: .seconds(1))
        #expect(watch.send(at: .milliseconds(1_499)) == false)
        #expect(watch.deadline == nil)
        #expect(watch.send(at: .milliseconds(1_500)) == true)
        #expect(watch.deadline == .milliseconds(7_500))
    }

    @Test func `the first frame after a pause has 6 s as well`() {
        var watch = Self.waiting()
        #expect(watch.send(at: .seconds(3_600)) == true)
        #expect(watch.send(at: .seconds(3_601)) == false)
        #expect(!watch.isDead(at: .milliseconds(3_605_999)) && watch.isDead(at: .seconds(3_606)))
    }

    @Test func `what came and is still handled is no silence`() {
        var watch = Self.waiting()
        #expect(watch.send(at: .seconds(1)) == true)
        watch.receive()
        #expect(Self.speak(&watch, from: .seconds(1), to: .seconds(60)) == nil)
        watch.wait(at: .seconds(60))
        #expect(Self.speak(&watch, from: .seconds(60), to: .seconds(66)) == nil)
    }
}
