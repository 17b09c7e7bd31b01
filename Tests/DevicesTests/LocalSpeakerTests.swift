import Flow
import Glibc
import Sound
import Testing
import VoiceCore

@testable import Devices

@Suite(.serialized) struct LocalSpeakerTests {
    static let job = JobID("job_1")

    static func withSpeaker(
        _ choice: SpeakerChoice, _ server: String, trim: ListenerTrim = ListenerTrim(),
        _ body: (LocalSpeaker, DirectoryLog) async throws -> Void
    ) async throws {
        let directory = DirectoryLog()
        var description = LocalSpeaker.defaultDescription
        description.trim = trim
        let speaker = LocalSpeaker(
            description: description, choice: choice, pulseServer: server, directory: directory)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await speaker.run() }
            try await body(speaker, directory)
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(await directory.reaches(.detached(speaker.description.id)))
    }

    /// The speaker, ready, on a null sink that is named and recorded.
    static func withRecordedSpeaker(
        canRewind: Bool = false, trim: ListenerTrim = ListenerTrim(),
        _ body: (LocalSpeaker, DirectoryLog, Recording, PrivatePulse) async throws -> Void
    ) async throws {
        try await PrivatePulse.run(canRewind: canRewind) { pulse in
            try await withSpeaker(.pulse(PrivatePulse.sink), pulse.address, trim: trim) { speaker, directory in
                #expect(await directory.next() == .attached(speaker.description.id, .ready))
                try await pulse.recording { try await body(speaker, directory, $0, pulse) }
            }
        }
    }

    /// Says in a few words what differs, where the samples themselves would fill pages.
    func expectSame(_ heard: [Int16], _ expected: [Int16], _ location: SourceLocation = #_sourceLocation) {
        let difference = zip(heard, expected).prefix { $0 == $1 }.count
        let start = heard.first.flatMap { expected.firstIndex(of: $0) }
        #expect(
            heard.count == expected.count && difference == expected.count,
            "\(heard.count) of \(expected.count) samples; differs at \(difference); begins with \(start ?? -1)",
            sourceLocation: location)
    }

    @Test func `volume and delay change how loud it sounds and when, and nothing else`() async throws {
        var trim = ListenerTrim()
        trim.volume = 0.5
        trim.delay = .milliseconds(300)
        try await Self.withRecordedSpeaker(trim: trim) { speaker, _, recording, _ in
            var samples = Noise.samples(.milliseconds(600))
            let began = ContinuousClock.now
            let reports = await speaker.play(Noise.take(samples), of: Self.job, from: .zero).all()
            #expect(reports.last == .finished(at: .milliseconds(600)))
            #expect(ContinuousClock.now - began >= .milliseconds(900))
            #expect(await recording.waitForHeard(samples.count))
            PCM16.amplify(&samples, by: 0.5)
            expectSame(recording.heard, samples)
        }
    }

    @Test func `every sample of a take sounds once and unchanged`() async throws {
        try await Self.withRecordedSpeaker { speaker, _, recording, _ in
            let samples = Noise.samples(.seconds(1))
            let reports = await speaker.play(Noise.take(samples), of: Self.job, from: .zero).all()
            #expect(reports.prefix(2) == [.sent, .started(at: .zero)])
            #expect(reports.last == .finished(at: .seconds(1)))
            #expect(reports.count(where: \.isLast) == 1)
            #expect(reports.count { if case .progress = $0 { true } else { false } } >= 3)
            #expect(await recording.waitForHeard(samples.count))
            expectSame(recording.heard, samples)
        }
    }

    @Test func `two takes follow each other, also when one is shorter than the device's buffer`() async throws {
        try await Self.withRecordedSpeaker { speaker, _, recording, _ in
            let short = Noise.samples(.milliseconds(5))
            let long = Noise.samples(.milliseconds(300), seed: 7)
            let first = await speaker.play(Noise.take(short), of: Self.job, from: .zero).all()
            let second = await speaker.play(Noise.take(long), of: JobID("job_2"), from: .zero).all()
            #expect(first == [.sent, .started(at: .zero), .finished(at: .milliseconds(5))])
            #expect(second.last == .finished(at: .milliseconds(300)))
            #expect(await recording.waitForHeard(short.count + long.count))
            expectSame(recording.heard, short + long)
        }
    }

    @Test func `a take goes on from a position`() async throws {
        try await Self.withRecordedSpeaker { speaker, _, recording, _ in
            let samples = Noise.samples(.milliseconds(600))
            let reports = await speaker.play(Noise.take(samples), of: Self.job, from: .milliseconds(400)).all()
            #expect(reports.prefix(2) == [.sent, .started(at: .milliseconds(400))])
            #expect(reports.last == .finished(at: .milliseconds(600)))
            #expect(await recording.waitForHeard(4_800))
            expectSame(recording.heard, Array(samples[9_600...]))
        }
    }

    @Test func `nothing is lost when the synthesis is slower than the voice`() async throws {
        try await Self.withRecordedSpeaker { speaker, _, recording, _ in
            let samples = Noise.samples(.milliseconds(400))
            let take = Take()
            take.append(AudioChunk(format: Noise.format, samples: Array(samples[..<4_800])))
            let reports = await speaker.play(take, of: Self.job, from: .zero)
            #expect(await reports.first { $0 == .progress(at: .milliseconds(200)) } != nil)
            take.append(AudioChunk(format: Noise.format, samples: Array(samples[4_800...])))
            take.end(.complete)
            #expect(await reports.all().last == .finished(at: .milliseconds(400)))
            #expect(await recording.waitForHeard(samples.count))
            expectSame(recording.heard, samples)
        }
    }

    /// Where something that was heard 300 samples before the end lies in what was played, and in what was heard.
    ///
    /// The beginning says nothing of the end, since a busy machine may make pauses, from which a recording of a sink that
    /// rewinds misses some milliseconds each.
    func matchNearEnd(of heard: [Int16], in samples: [Int16]) -> (place: Int, index: Int)? {
        let index = heard.count - 300
        guard index >= 0 else { return nil }
        let piece = heard[index..<index + 60]
        let place = samples.indices.first { samples[$0...].starts(with: piece) }
        return place.map { ($0, index) }
    }

    /// Half of the allowed is for what the recorder has not delivered yet when the abort is asked for.
    @Test(arguments: [true, false])
    func `an abort is silent within 50 ms and says where it stopped`(canRewind: Bool) async throws {
        try await Self.withRecordedSpeaker(canRewind: canRewind) { speaker, _, recording, _ in
            let samples = Noise.samples(.seconds(20))
            let reports = await speaker.play(Noise.take(samples), of: Self.job, from: .zero)
            #expect(await recording.waitForHeard(7_200))
            await speaker.flush(Self.job)
            let heardAtRequest = recording.heard.count
            guard case .flushed(let position)? = await reports.all().last else {
                Issue.record("no answer to the flush")
                return
            }
            #expect(await recording.waitForMore(12_000))
            let heard = recording.heard
            #expect(heard.count - heardAtRequest <= Noise.format.sampleCount(in: .milliseconds(100)))
            let stop = Noise.format.sampleCount(in: position)
            let (place, index) = try #require(matchNearEnd(of: heard, in: samples))
            #expect(abs(place + heard.count - index - stop) <= Noise.format.sampleCount(in: .milliseconds(50)))
        }
    }

    /// A busy machine may make a pause just then, in which there is nothing to fade: one of three aborts is in time.
    @Test func `an abort fades for 5 ms, to the very sample it names`() async throws {
        try await Self.withRecordedSpeaker(canRewind: true) { speaker, _, recording, _ in
            let samples = Noise.samples(.seconds(20))
            for attempt in 1...3 {
                let soFar = recording.heard.count
                let reports = await speaker.play(Noise.take(samples), of: Self.job, from: .zero)
                #expect(await recording.waitForHeard(soFar + 7_200))
                await speaker.flush(Self.job)
                let last = await reports.all().last
                #expect(await recording.waitForMore(12_000))
                let heard = recording.heard
                let (place, index) = try #require(matchNearEnd(of: heard, in: samples))
                let fadeStart = zip(heard[index...], samples[place...]).prefix { $0 == $1 }.count
                let fade = heard[(index + fadeStart)...]
                if fade.isEmpty, attempt < 3 { continue }
                // A faded sample may become 0 and is then not counted as heard.
                #expect((100...120).contains(fade.count))
                #expect(Loudness(of: fade.suffix(20)).peak < Loudness(of: heard[..<index]).peak - 12)
                #expect(last == .flushed(at: Noise.format.duration(of: place + fadeStart + 120)))
                break
            }
        }
    }
}
