import Hearing
import Testing

@Suite struct LatenessTests {
    @Test func `audio is late when it comes later than the best did`() {
        var lateness = Lateness()
        lateness.take(position: .seconds(1), arrivedAt: .seconds(11))
        #expect(lateness.last == nil)
        lateness.take(position: .seconds(2), arrivedAt: .milliseconds(12_400))
        #expect(lateness.last == nil)
        lateness.take(position: .seconds(3), arrivedAt: .seconds(23))
        #expect((lateness.last ?? .zero) > .milliseconds(9_900))
        lateness.take(position: .seconds(13), arrivedAt: .milliseconds(23_300))
        #expect(lateness.last == nil)
    }

    @Test func `a recording that comes fast is never late`() {
        var lateness = Lateness()
        for second in 1...100 {
            lateness.take(position: .seconds(second), arrivedAt: .seconds(second) / 4)
            #expect(lateness.last == nil)
        }
    }

    @Test func `a slow sound card is not late after hours`() {
        var lateness = Lateness()
        for minute in 1...600 {
            lateness.take(position: .seconds(60 * minute), arrivedAt: .seconds(60 * minute) * 1.0001)
            #expect(lateness.last == nil)
        }
    }
}
