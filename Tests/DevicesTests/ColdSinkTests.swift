import Flow
import Sound
import Testing
import VoiceCore

@testable import Devices

/// Sinks that begin up to 2 s late, since they rendered silence that far ahead while nothing played.
extension LocalSpeakerTests {
    /// A playback on a sink that nobody made ready.
    private static func playback(
        on pulse: PrivatePulse, _ duration: Duration, isOpen: Latch = Latch()
    ) -> SpeakerPlayback {
        let finder = DeviceFinder(choice: .pulse(PrivatePulse.sink), pulseServer: pulse.address)
        return SpeakerPlayback(take: Noise.take(Noise.samples(duration)), position: .zero) {
            rate, wakeup throws(DeviceError) in
            defer { isOpen.open() }
            return try finder.open(sampleRate: rate, wakeup: wakeup)
        }
    }

    private func expectWhole(_ reports: [PlaybackReport], _ duration: Duration) {
        #expect(reports.prefix(2) == [.sent, .started(at: .zero)])
        #expect(reports.last == .finished(at: duration))
        let positions = reports.compactMap { if case .progress(let position) = $0 { position } else { nil } }
        // A start that is told too early leaves the position where it is.
        #expect(Set(positions).count >= 3, "\(positions)")
        #expect(positions == positions.sorted(), "\(positions)")
    }

    @Test(arguments: [true, false])
    func `a sink that begins late is waited for`(hasSlept: Bool) async throws {
        try await PrivatePulse.run(canRewind: true, suspends: hasSlept) { pulse in
            if hasSlept { try await pulse.waitForLog("suspending") }
            let playback = Self.playback(on: pulse, .seconds(1))
            #expect(await playback.run() == .finished(at: .seconds(1)))
            expectWhole(await playback.reports.channel.all(), .seconds(1))
        }
    }

    @Test func `a sink that begins late and then dies has failed`() async throws {
        try await PrivatePulse.run(canRewind: true) { pulse in
            let isOpen = Latch()
            let playback = Self.playback(on: pulse, .seconds(1), isOpen: isOpen)
            async let end = playback.run()
            await isOpen.wait()
            pulse.process.pause()
            #expect(await end == .failed(reason: "device_stuck"))
        }
    }

    @Test func `an abort before a late beginning leaves nothing to be heard`() async throws {
        try await PrivatePulse.run(canRewind: true) { pulse in
            let isOpen = Latch()
            let playback = Self.playback(on: pulse, .seconds(20), isOpen: isOpen)
            async let end = playback.run()
            await isOpen.wait()
            playback.flush()
            #expect(await end == .flushed(at: .zero))
            #expect(await playback.reports.channel.all() == [.flushed(at: .zero)])
        }
    }

    @Test(arguments: [true, false])
    func `a null sink is kept from running ahead while nothing plays`(sleeps: Bool) async throws {
        try await PrivatePulse.run(canRewind: true, suspends: sleeps) { pulse in
            try await Self.withSpeaker(.pulse(PrivatePulse.sink), pulse.address) { speaker, directory in
                #expect(await directory.next() == .attached(speaker.description.id, .ready))
                if sleeps {
                    try await pulse.waitForLog("suspending")
                } else {
                    #expect(try await pulse.sinks().contains("configured 20000 usec"))
                }
                let reports = await speaker.play(Noise.take(Noise.samples(.seconds(1))), of: Self.job, from: .zero)
                expectWhole(await reports.all(), .seconds(1))
            }
        }
    }
}
