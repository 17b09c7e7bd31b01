import Flow
import Sound
import Testing
import VoiceCore

@testable import Devices

@Suite struct SpeakerPlaybackTests {
    @Test func `a library call that never comes back costs one playback and no task`() async {
        let hang = Wakeup()
        defer { hang.wake() }
        let playbacks = (0..<8).map { _ in
            SpeakerPlayback(take: Noise.take(Noise.samples(.seconds(1))), position: .zero) {
                (_, _) throws(DeviceError) in
                hang.wait(upTo: .seconds(60))
                throw .lost
            }
        }
        let ends = await withTaskGroup(of: PlaybackReport.self) { group in
            for playback in playbacks { group.addTask { await playback.run() } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ends == Array(repeating: .failed(reason: "device_stuck"), count: 8))
    }

    @Test func `a flush before the first sample is answered while the device still opens`() async {
        let hang = Wakeup()
        defer { hang.wake() }
        let isOpening = Latch()
        let playback = SpeakerPlayback(take: Noise.take(Noise.samples(.seconds(1))), position: .milliseconds(500)) {
            (_, _) throws(DeviceError) in
            isOpening.open()
            hang.wait(upTo: .seconds(60))
            throw .lost
        }
        async let end = playback.run()
        await isOpening.wait()
        playback.flush()
        #expect(await end == .flushed(at: .milliseconds(500)))
        #expect(await playback.reports.channel.all() == [.flushed(at: .milliseconds(500))])
    }

    @Test func `a take without audio finishes without a device`() async {
        let take = Take()
        take.end(.broken(.died(engine: "tone")))
        let playback = SpeakerPlayback(take: take, position: .zero) { (_, _) throws(DeviceError) in throw .noDevice }
        #expect(await playback.run() == .finished(at: .zero))
    }

    @Test func `ALSA's null device plays when it is named`() async {
        let finder = DeviceFinder(choice: .alsa("null"), pulseServer: nil)
        let samples = Noise.samples(.seconds(1))
        let playback = SpeakerPlayback(take: Noise.take(samples), position: .zero) { rate, wakeup throws(DeviceError) in
            try finder.open(sampleRate: rate, wakeup: wakeup)
        }
        #expect(await playback.run() == .finished(at: .seconds(1)))
        #expect(await playback.reports.channel.all().prefix(2) == [.sent, .started(at: .zero)])
    }

    @Test func `an unknown ALSA device fails`() async {
        let finder = DeviceFinder(choice: .alsa("no_such_device"), pulseServer: nil)
        let playback = SpeakerPlayback(take: Noise.take([1]), position: .zero) { rate, wakeup throws(DeviceError) in
            try finder.open(sampleRate: rate, wakeup: wakeup)
        }
        #expect(await playback.run() == .failed(reason: "no_device"))
    }
}
