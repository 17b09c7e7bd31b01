import Testing

@testable import Devices

@Suite struct SampleTailTests {
    @Test func `what is written again fades and is then silent to the old end`() {
        var tail = SampleTail(limit: 100)
        tail.append([100, 100, 100, 100, 100, 100])
        let fade = tail.fade(from: 1, over: 4)
        #expect(fade.samples == [80, 60, 40, 20, 0])
        #expect(fade.fadeCount == 4)
    }

    @Test func `a fade ends with the audio`() {
        var tail = SampleTail(limit: 100)
        tail.append([100, 100])
        #expect(tail.fade(from: 1, over: 4).samples == [50])
        #expect(tail.fade(from: 2, over: 4).samples == [])
    }

    @Test func `samples that were forgotten are replaced by silence`() {
        var tail = SampleTail(limit: 2)
        tail.append([100, 100, 100])
        tail.append([100, 100])
        #expect(tail.end == 5)
        #expect(tail.fade(from: 0, over: 5).samples == [0, 0, 0, 33, 16])
    }
}
