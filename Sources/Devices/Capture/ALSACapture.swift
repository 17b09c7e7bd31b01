private import CALSA
private import Glibc

/// A recording PCM of ALSA.
@safe final class ALSACapture: CaptureStream {
    private let pcm: OpaquePointer
    private let sampleRate: Int

    init(_ name: String, sampleRate: Int) throws(DeviceError) {
        hearsay_alsa_silence()
        var pcm: OpaquePointer?
        let status = unsafe snd_pcm_open(&pcm, name, SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK)
        guard let pcm = unsafe pcm, status == 0 else {
            throw status == -ENOENT || status == -ENODEV ? .unknownDevice(name) : .refused(status: status)
        }
        unsafe self.pcm = unsafe pcm
        self.sampleRate = sampleRate
        let accepted = unsafe snd_pcm_set_params(
            pcm, SND_PCM_FORMAT_S16_LE, SND_PCM_ACCESS_RW_INTERLEAVED, 1, UInt32(sampleRate), 1, 60_000)
        guard accepted == 0 else { throw .refused(status: accepted) }
        let started = unsafe snd_pcm_start(pcm)
        guard started == 0 else { throw .refused(status: started) }
    }

    deinit {
        unsafe snd_pcm_drop(pcm)
        unsafe snd_pcm_close(pcm)
    }

    func read(upTo limit: Duration) throws(DeviceError) -> [Int16] {
        _ = unsafe snd_pcm_wait(pcm, Int32(limit / .milliseconds(1)))
        guard unsafe snd_pcm_state(pcm) != SND_PCM_STATE_DISCONNECTED else { throw .lost }
        let room = sampleRate / 10
        // Zeros, since the null device says that it has filled the buffer and has not.
        var samples = [Int16](repeating: 0, count: room)
        let status = unsafe samples.withUnsafeMutableBufferPointer { buffer in
            unsafe snd_pcm_readi(pcm, buffer.baseAddress, UInt(room))
        }
        if status < 0, status != -Int(EAGAIN) {
            // What was overrun is missing; the stream goes on.
            guard unsafe snd_pcm_recover(pcm, Int32(status), 1) == 0, unsafe snd_pcm_start(pcm) == 0 else {
                throw .lost
            }
        }
        return Array(samples.prefix(max(0, status)))
    }
}
