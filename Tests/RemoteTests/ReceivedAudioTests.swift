import Sound
import Testing
import VoiceCore
import Wire

@testable import Remote

@Suite struct ReceivedAudioTests {
    private func begin(
        _ channel: UInt32, at start: Duration = .zero, job: String = "job_1", _ codec: StreamCodec = .pcm,
        preSkip: Int = 0
    ) throws -> ReceivedAudio {
        try #require(ReceivedAudio(opening(channel, start, job, codec, preSkip)))
    }

    private func opening(
        _ channel: UInt32, _ start: Duration, _ job: String, _ codec: StreamCodec, _ preSkip: Int
    ) -> AudioBegin {
        AudioBegin(
            listener: ListenerID("lis_1"), job: JobID(job), channel: channel,
            format: StreamFormat(codec, sampleRate: 1_000), start: start, preSkip: preSkip)
    }

    private func bytes(_ samples: [Int16]) -> [UInt8] { PCM16.bytes(of: samples) }

    @Test func `what was received ends where the samples end, in job time`() throws {
        var audio = try begin(1, at: .seconds(2))
        let isAudio = audio.append(bytes(Array(repeating: 1, count: 500)))
        #expect(isAudio && audio.received == .milliseconds(2_500))
    }

    @Test func `a continuation drops what is there already`() async throws {
        var audio = try begin(1)
        _ = audio.append(bytes([1, 2, 3, 4]))
        let isContinued = audio.continue(with: try begin(3, at: .milliseconds(2)))
        #expect(isContinued)
        #expect(audio.channel == 3)
        _ = audio.append(bytes([3]))
        _ = audio.append(bytes([4, 5, 6]))
        audio.complete(at: 6)
        #expect(await audio.take.reader(from: .zero).next(atMost: 100) == .samples([1, 2, 3, 4, 5, 6]))
    }

    @Test(arguments: [(Duration.milliseconds(5), "job_1"), (.zero, "job_2")])
    func `a gap or another job needs a new take`(start: Duration, job: String) throws {
        var audio = try begin(1)
        _ = audio.append(bytes([1, 2, 3, 4]))
        let isContinued = audio.continue(with: try begin(3, at: start, job: job))
        #expect(!isContinued)
    }

    @Test func `nothing is added behind the end`() throws {
        var audio = try begin(1)
        _ = audio.append(bytes([1]))
        audio.end()
        _ = audio.append(bytes([2]))
        #expect(audio.received == .milliseconds(1))
        let isContinued = audio.continue(with: try begin(3, at: .milliseconds(1)))
        #expect(!isContinued)
    }

    /// The end lies before, in and behind the last packet's own samples.
    @Test(arguments: [100, 960, 961, 1_608, 1_609, 4_800, 9_601])
    func `Opus gives exactly as many samples as went in`(count: Int) throws {
        let packer = try StreamFormat(.opus, sampleRate: 48_000).packer()
        var audio = try begin(1, .opus, preSkip: packer.preSkip)
        for _ in 0..<count / 960 {
            let isAudio = audio.append(try packer.pack(Array(repeating: 900, count: 960)))
            #expect(isAudio)
        }
        for packet in try packer.finish(Array(repeating: 900, count: count % 960)) {
            let isAudio = audio.append(packet)
            #expect(isAudio)
        }
        audio.complete(at: UInt32(count))
        #expect(audio.take.duration == AudioFormat(sampleRate: 48_000).duration(of: count))
    }

    @Test func `a new channel of Opus goes on where the one before ended`() throws {
        let packer = try StreamFormat(.opus, sampleRate: 48_000).packer()
        var audio = try begin(1, .opus, preSkip: packer.preSkip)
        for _ in 0..<10 { _ = audio.append(try packer.pack(Array(repeating: 0, count: 960))) }
        let received = audio.received
        let other = try StreamFormat(.opus, sampleRate: 48_000).packer()
        let isContinued = audio.continue(with: try begin(3, at: received, .opus, preSkip: other.preSkip))
        #expect(isContinued)
        for packet in try other.finish([1, 2, 3]) { _ = audio.append(packet) }
        let start = AudioFormat(sampleRate: 48_000).sampleCount(in: received)
        audio.complete(at: UInt32(start + 3))
        #expect(audio.take.duration == AudioFormat(sampleRate: 48_000).duration(of: start + 3))
    }

    @Test func `what is no packet ends the sound, and what cannot be decoded is not begun`() throws {
        var audio = try begin(1, .opus)
        let isAudio = audio.append([0xFF, 0xFF, 0xFF])
        #expect(!isAudio)
        #expect(ReceivedAudio(opening(1, .zero, "job_1", .mp3, 0)) == nil)
    }
}
