import Flow
import Net
import Sound
import Testing
import VoiceCore
import Wire

@testable import Gateway

/// The parts that audio on a socket is made of.
@Suite struct JobChannelPartsTests {
    @Test func `samples are cut into frames of 20 ms, the last one shorter`() throws {
        var cutter = try FrameCutter(
            channel: 3, format: StreamFormat(.pcm, sampleRate: 8_000), firstTimestamp: 100)
        var frames = try cutter.add([Int16](repeating: 5, count: 200), inputRate: 8_000)
        frames += try cutter.add([Int16](repeating: 6, count: 200), inputRate: 8_000)
        let (last, end) = try cutter.finish()
        let headers = (frames + last + [end]).compactMap { AudioFrameHeader($0.payload) }
        #expect(headers.map(\.timestamp) == [100, 260, 420, 500])
        #expect(headers.map(\.sequence) == [0, 1, 2, 3])
        #expect(headers.map(\.flags) == [.first, [], [], []])
        #expect(headers.map(\.kind) == [.audioOut, .audioOut, .audioOut, .end])
        #expect((frames + last).allSatisfy { $0.tag == 3 })
    }

    @Test func `a shelf keeps the numbers of its frames`() {
        var shelf = FrameShelf()
        shelf.append((0..<100).map { Frame.binary([UInt8($0)]) })
        shelf.drop(before: 10)
        #expect(shelf.startIndex == 0)
        shelf.drop(before: 40)
        #expect(shelf.startIndex == 40)
        #expect(shelf[41..<43].map { Array($0.payload) } == [[41], [42]])
        #expect(shelf.endIndex == 100)
    }

    @Test func `who joins late is told what was reported, and the last report ends it for all`() async {
        let outlet = ReportOutlet()
        let first = outlet.open()
        outlet.report(.sent)
        outlet.report(.started(at: .zero))
        for step in 1...100 { outlet.report(.progress(at: .milliseconds(step))) }
        let second = outlet.open()
        outlet.report(.finished(at: .seconds(1)))
        outlet.report(.gone)
        #expect(
            second.drain() == [
                .sent, .started(at: .zero), .progress(at: .milliseconds(100)), .finished(at: .seconds(1)),
            ])
        #expect(first.drain().last == .finished(at: .seconds(1)))
        #expect(await first.next() == nil)
        #expect(outlet.open().drain() == [.gone])
    }

    @Test func `a round trip is smoothed by an eighth`() {
        var roundTrip = RoundTrip()
        roundTrip.add(.milliseconds(80))
        roundTrip.add(.milliseconds(160))
        #expect(roundTrip.smoothed == .milliseconds(90))
    }

    @Test func `an event is encoded once for all who send it`() {
        let frames = EventFrames()
        let event = Event(.sessionStarted, session: .default)
        let one = frames.frame(of: event, sequence: 5)
        let other = Event(.serverStopping)
        #expect(Array(frames.frame(of: other, sequence: 5).payload) == Array(one.payload))
        #expect(Array(frames.frame(of: other, sequence: 517).payload) != Array(one.payload))
    }
}
