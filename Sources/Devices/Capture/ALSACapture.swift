private import CALSA
private import Flow
private import Glibc

/// A recording PCM of ALSA.
@safe final class ALSACapture: CaptureStream {
    /// How much comes at once, in microseconds: what a person does not notice.
    private static let period: UInt32 = 20_000
    /// How long nobody may come for it before it is lost, in microseconds; no audio is later for it.
    private static let buffer: UInt32 = 500_000

    private let pcm: OpaquePointer
    private let sampleRate: Int
    private let timeline = Timeline.live()
    private var overruns: OverrunMeter

    init(_ name: String, sampleRate: Int) throws(DeviceError) {
        hearsay_alsa_silence()
        var pcm: OpaquePointer?
        let status = unsafe snd_pcm_open(&pcm, name, SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK)
        guard let pcm = unsafe pcm, status == 0 else {
            throw status == -ENOENT || status == -ENODEV ? .unknownDevice(name) : .refused(status: status)
        }
        unsafe self.pcm = unsafe pcm
        self.sampleRate = sampleRate
        overruns = OverrunMeter(sampleRate: sampleRate)
        let accepted = unsafe hearsay_alsa_set_capture(pcm, UInt32(sampleRate), Self.period, Self.buffer)
        guard accepted == 0 else { throw .refused(status: accepted) }
        let started = unsafe snd_pcm_start(pcm)
        guard started == 0 else { throw .refused(status: started) }
        _ = overruns.restart(at: timeline.now)
    }

    deinit {
        unsafe snd_pcm_drop(pcm)
        unsafe snd_pcm_close(pcm)
    }

    func read(upTo limit: Duration) throws(DeviceError) -> CapturedAudio {
        _ = unsafe snd_pcm_wait(pcm, Int32(limit / .milliseconds(1)))
        guard unsafe snd_pcm_state(pcm) != SND_PCM_STATE_DISCONNECTED else { throw .lost }
        let waitingCount = unsafe snd_pcm_avail(pcm)
        let time = timeline.now
        let room = sampleRate / 10
        // Zeros, since the null device says that it has filled the buffer and has not.
        var samples = [Int16](repeating: 0, count: room)
        let status = unsafe samples.withUnsafeMutableBufferPointer { buffer in
            unsafe snd_pcm_readi(pcm, buffer.baseAddress, UInt(room))
        }
        if status == -Int(EAGAIN) { return CapturedAudio() }
        guard status >= 0 else { return CapturedAudio(missing: try restart(after: Int32(status))) }
        overruns.read(status, of: waitingCount, at: time)
        return CapturedAudio(samples: Array(samples.prefix(status)))
    }

    /// Lets the stream go on after an overrun.
    ///
    /// - Returns: How much was lost.
    private func restart(after status: Int32) throws(DeviceError) -> Duration {
        guard unsafe snd_pcm_recover(pcm, status, 1) == 0, unsafe snd_pcm_start(pcm) == 0 else { throw .lost }
        return overruns.restart(at: timeline.now)
    }
}
