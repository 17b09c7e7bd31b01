import Hearing
import Testing
import VoiceCore

@Suite struct SourceInboxTests {
    private static let format = SourceFormat(codec: .pcmS16, sampleRate: 8_000)

    private static func frame(_ number: Int) -> SourceFrame {
        SourceFrame(
            timestamp: UInt32(number * 800), payload: [UInt8](repeating: 0, count: 1_600), sampleCount: 800,
            arrivedAt: .zero)
    }

    @Test func `of more than 30 s the oldest frames go`() async {
        let inbox = SourceInbox(Self.format)
        inbox.flush()
        for number in 0..<310 { inbox.add(Self.frame(number)) }
        inbox.finish()
        #expect(await inbox.next() == .flush)
        for number in 10..<310 { #expect(await inbox.next() == .frame(Self.frame(number))) }
        #expect(await inbox.next() == nil)
    }

    @Test func `frames as large as they may be are bounded by their bytes`() async {
        let format = SourceFormat(codec: .pcmF32, sampleRate: 192_000, channelCount: 32)
        let inbox = SourceInbox(format)
        // 100 ms each: 2.4 MB.
        for number in 0..<20 {
            inbox.add(
                SourceFrame(
                    timestamp: UInt32(number), payload: [UInt8](repeating: 0, count: 19_200 * 128),
                    sampleCount: 19_200, arrivedAt: .zero))
        }
        inbox.finish()
        var kept: [UInt32] = []
        while case .frame(let frame)? = await inbox.next() { kept.append(frame.timestamp) }
        #expect(kept == [15, 16, 17, 18, 19])
    }

    @Test func `nothing is taken after the end`() async {
        let inbox = SourceInbox(Self.format)
        inbox.finish()
        inbox.add(Self.frame(0))
        inbox.flush()
        #expect(await inbox.next() == nil)
    }
}
