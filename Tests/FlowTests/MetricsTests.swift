import Testing

@testable import Flow

@Suite struct MetricsTests {
    @Test func `a counter adds what every thread counts`() async {
        let counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<10_000 { counter.add() } }
            }
        }
        counter.add(5)
        #expect(counter.value == 80_005)
    }

    @Test func `a gauge counts what is held`() {
        let gauge = Gauge()
        var seats = [gauge.seat(), gauge.seat()]
        #expect(gauge.value == 2)
        seats.removeLast()
        #expect(gauge.value == 1)
        seats = []
        #expect(gauge.value == 0)
    }

    @Test func `a histogram counts each duration in every class that holds it`() {
        let histogram = Histogram(bounds: [.milliseconds(10), .milliseconds(100)])
        for milliseconds in [1, 10, 11, 500] { histogram.observe(.milliseconds(milliseconds)) }
        let snapshot = histogram.snapshot
        #expect(snapshot.classes.map(\.bound) == [.milliseconds(10), .milliseconds(100)])
        #expect(snapshot.classes.map(\.count) == [2, 3])
        #expect(snapshot.count == 4)
        #expect(snapshot.sum == .milliseconds(522))
    }

    @Test func `a broadcast counts facts and readings apart`() {
        let broadcast = Broadcast<Int>(first: 500)
        broadcast.publish(1)
        broadcast.publish(2)
        broadcast.publish(reading: 3, of: "x")
        #expect(broadcast.published == (2, 1))
    }
}
