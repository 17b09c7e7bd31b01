import Flow
import Glibc
import Remote
import Sound
import Testing
import VoiceCore
import VoiceTesting

@Suite(.timeLimit(.minutes(1))) struct FileSpeakerTests {
    private let clock = ManualTimeline()

    private static func path(_ ending: String) -> String {
        "/tmp/hearsay-test-\(getpid())-\(UInt64.random(in: 0 ... .max)).\(ending)"
    }

    private static func take(_ count: Int) -> Take {
        let take = Take()
        take.append(AudioChunk(format: AudioFormat(sampleRate: 24_000), samples: (0..<count).map { Int16($0 % 9_000) }))
        take.end(.complete)
        return take
    }

    /// Reads reports while time passes, to one that passes.
    private func pass(
        _ reports: Channel<PlaybackReport>, until matches: (PlaybackReport) -> Bool
    ) async -> [PlaybackReport] {
        var seen: [PlaybackReport] = []
        while seen.last.map(matches) != true {
            clock.advance(by: .milliseconds(10))
            await Task.yield()
            seen += reports.drain()
        }
        return seen
    }

    @Test func `a file at the pace of a loudspeaker takes the time that the sound lasts`() async throws {
        let path = Self.path("wav")
        defer { unsafe unlink(path) }
        let file = try FileSpeaker(path: path, pace: .audible(clock.timeline))
        let reports = await file.play(Self.take(24_000), of: JobID("job_1"), from: .zero)
        #expect(reports.drain().isEmpty)
        let seen = await pass(reports) { $0.isLast }
        #expect(clock.timeline.now >= .seconds(1))
        #expect(seen.first == .started(at: .zero) && seen.last == .finished(at: .seconds(1)))
        #expect(seen.dropFirst().dropLast() == [250, 500, 750, 1_000].map { .progress(at: .milliseconds($0)) })
        #expect(try await file.finish() == .seconds(1))
    }

    @Test func `what was aborted is in the file as far as it had sounded`() async throws {
        let path = Self.path("wav")
        defer { unsafe unlink(path) }
        let file = try FileSpeaker(path: path, pace: .audible(clock.timeline))
        let reports = await file.play(Self.take(240_000), of: JobID("job_1"), from: .zero)
        _ = await pass(reports) { $0 == .progress(at: .milliseconds(500)) }
        await file.flush(JobID("job_1"))
        let last = reports.drain().last
        let duration = try await file.finish()
        #expect(last == .flushed(at: duration))
        #expect(duration < .seconds(2))
    }

    @Test(arguments: [("opus", SoundFileFormat.opus, "OggS"), ("flac", .flac, "fLaC"), ("wav", .wav, "RIFF")])
    func `one job follows the other in the same file`(ending: String, format: SoundFileFormat, magic: String)
        async throws
    {
        let path = Self.path(ending)
        defer { unsafe unlink(path) }
        let file = try FileSpeaker(path: path, format: format)
        for number in 1...2 {
            let reports = await file.play(Self.take(12_000), of: JobID("job_\(number)"), from: .zero)
            while let report = await reports.next(), !report.isLast {}
        }
        #expect(try await file.finish() == .seconds(1))
        let descriptor = unsafe open(path, O_RDONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var head = [UInt8](repeating: 0, count: 4)
        #expect(unsafe read(descriptor, &head, 4) == 4)
        #expect(String(decoding: head, as: UTF8.self) == magic)
    }
}
