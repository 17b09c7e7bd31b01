private import CALSA
private import Glibc

/// A playing PCM of ALSA.
@safe final class ALSAStream: DeviceStream {
    let device: OutputDevice
    private let pcm: OpaquePointer
    private let sampleRate: Int
    private let wakeup: Wakeup
    private var written = 0
    private var isDraining = false

    init(_ device: OutputDevice, sampleRate: Int, wakeup: Wakeup) throws(DeviceError) {
        unsafe pcm = unsafe try Self.open(device.name)
        self.device = device
        self.sampleRate = sampleRate
        self.wakeup = wakeup
        let status = unsafe snd_pcm_set_params(
            pcm, SND_PCM_FORMAT_S16_LE, SND_PCM_ACCESS_RW_INTERLEAVED, 1, UInt32(sampleRate), 1, 60_000)
        guard status == 0 else { throw .refused(status: status) }
    }

    deinit {
        unsafe snd_pcm_drop(pcm)
        unsafe snd_pcm_close(pcm)
    }

    /// Whether a device of that name exists; one that is busy does.
    static func canOpen(_ name: String) -> Bool {
        do throws(DeviceError) {
            unsafe snd_pcm_close(try open(name))
            return true
        } catch {
            return error == .refused(status: -EBUSY)
        }
    }

    private static func open(_ name: String) throws(DeviceError) -> OpaquePointer {
        hearsay_alsa_silence()
        var pcm: OpaquePointer?
        let status = unsafe snd_pcm_open(&pcm, name, SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK)
        if let pcm = unsafe pcm, status == 0 { return unsafe pcm }
        throw status == -ENOENT || status == -ENODEV ? .unknownDevice(name) : .refused(status: status)
    }

    /// ALSA starts when its buffer is full, or by `startIfNeeded`.
    var prebufferCount: Int { 0 }

    var room: Int {
        let count = unsafe snd_pcm_avail_update(pcm)
        // A gap is mended by the next write.
        return count == -Int(EPIPE) ? sampleRate / 50 : max(0, count)
    }

    var isDrained: Bool { isDraining && (try? reading().played) == written }

    func wait(upTo limit: Duration, wantsRoom: Bool) throws(DeviceError) {
        startIfNeeded()
        guard wantsRoom else { return wakeup.wait(upTo: limit) }
        // The library may need several descriptors for one PCM; short waits keep a wake from being late.
        _ = unsafe snd_pcm_wait(pcm, Int32(min(limit, .milliseconds(10)) / .milliseconds(1)))
        wakeup.clear()
        let state = unsafe snd_pcm_state(pcm)
        guard state != SND_PCM_STATE_DISCONNECTED else { throw .lost }
    }

    func write(_ samples: [Int16]) throws(DeviceError) {
        var position = 0
        while position < samples.count {
            let count = unsafe samples[position...].withUnsafeBufferPointer { buffer in
                unsafe snd_pcm_writei(pcm, buffer.baseAddress, UInt(buffer.count))
            }
            if count == -Int(EAGAIN) {
                _ = unsafe snd_pcm_wait(pcm, 10)
            } else if count < 0 {
                guard unsafe snd_pcm_recover(pcm, Int32(count), 1) == 0 else { throw .lost }
            } else {
                position += count
                written += count
            }
        }
    }

    func reading() throws(DeviceError) -> DeviceReading {
        var delay = 0
        let status = unsafe snd_pcm_delay(pcm, &delay)
        guard status != -ENODEV else { throw .lost }
        let waiting = status == 0 ? max(0, min(delay, written)) : 0
        return DeviceReading(written: written, taken: written - waiting, played: written - waiting)
    }

    func drain() throws(DeviceError) {
        isDraining = true
        startIfNeeded()
    }

    func fadeOut() throws(DeviceError) -> Int {
        let played = try reading().played
        unsafe snd_pcm_drop(pcm)
        return played
    }

    /// A text shorter than the buffer would else never begin.
    private func startIfNeeded() {
        guard written > 0, unsafe snd_pcm_state(pcm) == SND_PCM_STATE_PREPARED else { return }
        unsafe snd_pcm_start(pcm)
    }
}
