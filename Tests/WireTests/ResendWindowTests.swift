import Testing
import Wire

@Suite struct ResendWindowTests {
    /// Frames of 60 ms at 16 kHz, each with its number as its only byte.
    private static func window(_ count: Int) -> ResendWindow {
        var window = ResendWindow(sampleRate: 16_000)
        for number in 0..<count { window.append([UInt8(truncatingIfNeeded: number)], sampleCount: 960) }
        return window
    }

    @Test func `frames leave once, in their order`() {
        var window = Self.window(3)
        #expect(window.unsent == .milliseconds(180))
        #expect((0..<4).map { _ in window.takeNext()?.number } == [0, 1, 2, nil])
        #expect(window.unsent == .zero)
        window.append([], sampleCount: 960)
        #expect(window.takeNext()?.position == 2_880)
    }

    @Test func `the last 30 s are kept, sent or not`() {
        var window = Self.window(600)
        for _ in 0..<590 { _ = window.takeNext() }
        window.goBack(toSequence: 0)
        #expect(window.takeNext()?.number == 100)
        #expect(window.unsent == .milliseconds(499 * 60))
    }

    @Test func `it goes back to the frame that the server wants`() {
        var window = Self.window(100)
        while window.takeNext() != nil {}
        window.goBack(toSequence: 98)
        #expect(window.takeNext()?.number == 98)
        window.goBack(to: .milliseconds(119))
        #expect(window.takeNext()?.number == 1)
        window.goBack(to: .milliseconds(120))
        #expect(window.takeNext()?.number == 2)
        window.goBack(to: .seconds(60))
        #expect(window.takeNext() == nil)
        window.goBack(toSequence: 4_000_000_000)
        #expect(window.takeNext()?.number == 0)
    }

    @Test func `what is left out has its time`() {
        var window = Self.window(2)
        window.skip(16_000)
        window.append([], sampleCount: 960)
        for _ in 0..<2 { _ = window.takeNext() }
        #expect(window.takeNext()?.position == 17_920)
        window.goBack(to: .milliseconds(500))
        #expect(window.takeNext()?.number == 2)
    }

    @Test func `a frame has its place on the wire`() {
        var window = Self.window(2)
        let first = window.takeNext()?.bytes(on: 4) ?? []
        #expect(AudioFrameHeader(first) == AudioFrameHeader(kind: .audioIn, flags: .first, channel: 4))
        let second = window.takeNext()?.bytes(on: 4) ?? []
        #expect(AudioFrameHeader(second) == AudioFrameHeader(kind: .audioIn, channel: 4, sequence: 1, timestamp: 960))
        #expect(second.dropFirst(AudioFrameHeader.byteCount) == [1])
    }
}
