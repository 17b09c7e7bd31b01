import Flow
import Testing
import VoiceCore

@testable import Devices

extension LocalSpeakerTests {
    @Test func `a null sink that nobody named is no device`() async throws {
        try await PrivatePulse.run { pulse in
            try await Self.withSpeaker(.automatic, pulse.address) { speaker, directory in
                #expect(await directory.next() == .attached(speaker.description.id, .notReady(reason: "no_device")))
                let reports = await speaker.play(Noise.take([1, 2, 3]), of: Self.job, from: .zero).all()
                #expect(reports == [.failed(reason: "no_device")])
            }
        }
    }

    @Test func `without a sound server there is no device`() async throws {
        try await PrivatePulse.withoutServer { address in
            try await Self.withSpeaker(.automatic, address) { speaker, directory in
                #expect(await directory.next() == .attached(speaker.description.id, .notReady(reason: "no_device")))
                let reports = await speaker.play(Noise.take([1, 2, 3]), of: Self.job, from: .zero).all()
                #expect(reports == [.failed(reason: "no_device")])
                // It says so again, since whoever asked may think that it is not ready for another reason.
                #expect(await directory.next() == .readiness(speaker.description.id, .notReady(reason: "no_device")))
            }
        }
    }

    @Test func `a device that is muted is not ready until it is no longer`() async throws {
        try await Self.withRecordedSpeaker { speaker, directory, _, pulse in
            let id = speaker.description.id
            try pulse.control("set-sink-mute", PrivatePulse.sink, "1")
            #expect(await directory.reaches(.readiness(id, .notReady(reason: "muted"))))
            let reports = await speaker.play(Noise.take([1, 2, 3]), of: Self.job, from: .zero).all()
            #expect(reports == [.failed(reason: "muted")])
            try pulse.control("set-sink-mute", PrivatePulse.sink, "0")
            #expect(await directory.reaches(.readiness(id, .ready)))
        }
    }

    @Test func `what was silenced in mid-sentence says that it is ready, since its reports may have been late`()
        async throws
    {
        try await Self.withRecordedSpeaker { speaker, directory, recording, _ in
            let reports = await speaker.play(Noise.take(Noise.samples(.seconds(20))), of: Self.job, from: .zero)
            #expect(await recording.waitForHeard(4_800))
            await speaker.flush(Self.job)
            guard case .flushed? = await reports.all().last else {
                Issue.record("no answer to the flush")
                return
            }
            #expect(await directory.next() == .readiness(speaker.description.id, .ready))
        }
    }

    @Test func `so does what is silenced after its end`() async throws {
        try await Self.withRecordedSpeaker { speaker, directory, _, _ in
            let reports = await speaker.play(Noise.take(Noise.samples(.milliseconds(200))), of: Self.job, from: .zero)
            #expect(await reports.all().last == .finished(at: .milliseconds(200)))
            await speaker.flush(Self.job)
            #expect(await directory.next() == .readiness(speaker.description.id, .ready))
        }
    }

    @Test(arguments: [true, false])
    func `a sound server that dies or hangs in mid-sentence is reported and blocks nothing`(dies: Bool) async throws {
        try await Self.withRecordedSpeaker { speaker, directory, recording, pulse in
            let reports = await speaker.play(
                Noise.take(Noise.samples(.seconds(20))), of: Self.job, from: .zero)
            #expect(await recording.waitForHeard(4_800))
            if dies { pulse.process.end() } else { pulse.process.pause() }
            #expect(await reports.all().last == .gone)
            // Attached again, since the directory gave it up, and not ready.
            #expect(await directory.reaches(.attached(speaker.description.id, .notReady(reason: "no_device"))))
        }
    }
}
