import Hearing
import Sound
import Testing
import VoiceCore
import VoiceTesting

@Suite struct SourceEarTests {
    private static let talk = [(false, 1_000), (true, 800), (false, 1_000), (true, 1_200), (false, 1_000)]

    private static let formats = [
        SourceFormat(codec: .pcmS16, sampleRate: 16_000), SourceFormat(codec: .pcmS16, sampleRate: 8_000),
        SourceFormat(codec: .pcmS16, sampleRate: 44_100, channelCount: 2),
        SourceFormat(codec: .pcmF32, sampleRate: 48_000, channelCount: 3),
        SourceFormat(codec: .pcmF32, sampleRate: 192_000),
    ]

    @Test(arguments: formats)
    func `utterances are found at their places in any format`(format: SourceFormat) async throws {
        var ear = try SourceEar(format, detector: FakeDetector(), rules: SegmentRules())
        var story: [String] = []
        for frame in SourceSound(format, Self.talk).frames() { story += try await ear.take(frame).map(Self.words) }
        story += try await ear.flush(at: .zero).map(Self.words)
        #expect(
            story == [
                "start 1.0", "began 0.7", "stop 1.8", "ended 2.1", "start 2.8", "began 2.5", "stop 4.0", "ended 4.3",
            ])
    }

    @Test func `Opus is heard like samples`() async throws {
        let format = SourceFormat(codec: .opus, sampleRate: 48_000)
        var ear = try SourceEar(format, detector: FakeDetector(), rules: SegmentRules())
        var encoder = try OpusEncoder(bitsPerSecond: 24_000)
        let sound = SourceSound(SourceFormat(codec: .pcmS16, sampleRate: 48_000), Self.talk)
        var story: [String] = []
        for start in stride(from: 0, to: sound.samples.count, by: 960) {
            let packet = try encoder.encode(sound.samples[start..<start + 960])
            #expect(try SourceDecoder.sampleCount(of: packet, format) == 960)
            let frame = SourceFrame(timestamp: UInt32(start), payload: packet, sampleCount: 960, arrivedAt: .zero)
            story += try await ear.take(frame).map(Self.words)
        }
        #expect(story.map { $0.prefix(5) } == ["start", "began", "stop ", "ended", "start", "began", "stop ", "ended"])
    }

    @Test func `a long gap ends the utterance and is told, a short one is silence`() async throws {
        let format = SourceFormat(codec: .pcmS16, sampleRate: 16_000)
        var ear = try SourceEar(format, detector: FakeDetector(), rules: SegmentRules())
        let sound = SourceSound(format, [(true, 1_000)])
        var story: [String] = []
        for (start, skipped) in [(0, 0), (19_200, 0), (80_000, 0)] {
            for frame in sound.frames(from: start).dropFirst(skipped) {
                story += try await ear.take(frame).map(Self.words)
            }
        }
        // The second piece begins 200 ms after the end of the first, the third 2.8 s after that of the second.
        #expect(story == ["start 0.0", "began 0.0", "stop 2.2", "ended 2.2", "gap 2.8", "start 5.0", "began 5.0"])
    }

    @Test func `a place in the middle is gone on from`() async throws {
        let format = SourceFormat(codec: .pcmS16, sampleRate: 8_000)
        var ear = try SourceEar(format, detector: FakeDetector(), rules: SegmentRules(), from: .seconds(3_600))
        let sound = SourceSound(format, [(false, 500), (true, 1_000), (false, 1_000)])
        var story: [String] = []
        // What was kept begins a little before.
        for frame in sound.frames(from: 8_000 * 3_600 - 80) { story += try await ear.take(frame).map(Self.words) }
        #expect(story == ["start 3600.5", "began 3600.2", "stop 3601.5", "ended 3601.8"])
    }

    @Test func `an hour of audio loses no time`() async throws {
        let format = SourceFormat(codec: .pcmS16, sampleRate: 11_025)
        var ear = try SourceEar(format, detector: FakeDetector(), rules: SegmentRules())
        let quiet = SourceSound(format, [(false, 100)]).samples
        let word = SourceSound(format, [(true, 600), (false, 1_000)])
        // 200 ms are missing in each minute, as by a sound card that stumbles.
        var position = 0
        for _ in 0..<60 {
            for _ in 0..<598 {
                let frame = SourceFrame(
                    timestamp: UInt32(position), payload: PCM16.bytes(of: quiet), sampleCount: quiet.count,
                    arrivedAt: .zero)
                #expect(try await ear.take(frame).isEmpty)
                position += quiet.count
            }
            position += format.sampleRate / 5
        }
        var story: [String] = []
        for frame in word.frames(from: position) { story += try await ear.take(frame).map(Self.words) }
        let exact = Double(position) / Double(format.sampleRate)
        let told = try #require(story.first?.split(separator: " ").last.flatMap { Double($0) })
        // A window of 32 ms is either speech or not.
        #expect(abs(told - exact) < 0.05)
    }

    @Test func `a detector that dies in the middle of a sentence ends nothing`() async throws {
        let format = SourceFormat(codec: .pcmS16, sampleRate: 16_000)
        // 31 windows a second: it dies 500 ms into the first sentence.
        var ear = try SourceEar(format, detector: FakeDetector(answerCount: 47), rules: SegmentRules())
        var story: [String] = []
        for frame in SourceSound(format, Self.talk).frames() { story += try await ear.take(frame).map(Self.words) }
        #expect(story.map { $0.prefix(4) } == ["star", "bega", "stop", "ende", "star", "bega", "stop", "ende"])
        #expect(story.prefix(2) == ["start 1.0", "began 0.7"])
    }

    @Test func `how loud it is is told four times a second`() async throws {
        let format = SourceFormat(codec: .pcmS16, sampleRate: 16_000)
        var ear = try SourceEar(format, detector: FakeDetector(), rules: SegmentRules())
        var levels: [Double] = []
        for frame in SourceSound(format, [(false, 1_000), (true, 1_000)]).frames() {
            _ = try await ear.take(frame)
            if let level = ear.takeLevel() { levels.append(level) }
        }
        #expect((7...9).contains(levels.count))
        #expect(levels.prefix(3).allSatisfy { $0 == Level.silence } && levels.suffix(3).allSatisfy { $0 > -30 })
    }

    @Test func `other rules hold from the next utterance on`() async throws {
        let format = SourceFormat(codec: .pcmS16, sampleRate: 16_000)
        var ear = try SourceEar(format, detector: FakeDetector(), rules: SegmentRules())
        var patient = SegmentRules()
        patient.minimumSilence = .milliseconds(2_000)
        var story: [String] = []
        for frame in SourceSound(format, [(true, 1_000), (false, 1_000), (true, 500), (false, 1_000)]).frames() {
            if frame.timestamp == 8_000 { ear.change(patient) }
            story += try await ear.take(frame).map { String(Self.words($0).prefix(5)) }
        }
        #expect(story == ["start", "began", "stop ", "ended", "start", "began"])
    }

    /// What was found, with its time in tenths of a second.
    private static func words(_ finding: SourceEar.Finding) -> String {
        func shown(_ time: Duration) -> String { "\((time / .seconds(1) * 10).rounded() / 10)" }
        return switch finding {
        case .gap(let length): "gap \(shown(length))"
        case .speechStarted(let position, _): "start \(shown(position))"
        case .speechStopped(let position): "stop \(shown(position))"
        case .began(let utterance): "began \(shown(utterance.start))"
        case .ended(let utterance): "ended \(shown(utterance.knownEnding?.end ?? .zero))"
        }
    }
}
