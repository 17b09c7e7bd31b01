private import CPulse

/// Asks the sound server again and again how far a stream is.
///
/// The library's own time of a stream runs on from the first answer, also while a sink that was left alone takes nothing
/// yet; this one stands still as long as the stream does.
@safe final class PulseStreamClock {
    /// How old an answer may be before the next one is asked for.
    private static let interval = Duration.milliseconds(15)

    /// Belongs to the `PulseStream` that owns this.
    private let stream: OpaquePointer
    private let sampleRate: Int
    private let clock = ContinuousClock()
    private var request: OpaquePointer?
    private var timing: PulseTiming?
    private var seen: ContinuousClock.Instant

    init(_ stream: OpaquePointer, sampleRate: Int) {
        unsafe self.stream = unsafe stream
        self.sampleRate = sampleRate
        seen = clock.now
    }

    deinit {
        guard let request = unsafe request else { return }
        unsafe pa_operation_cancel(request)
        unsafe pa_operation_unref(request)
    }

    /// - Parameter written: How many samples were written to the stream.
    func reading(written: Int) -> DeviceReading {
        takeAnswer()
        if timing == nil || clock.now - seen >= Self.interval { ask() }
        guard let timing else { return DeviceReading(written: written, taken: 0, played: 0) }
        return DeviceReading(
            written: written, taken: min(written, timing.taken),
            played: min(written, timing.played(after: clock.now - seen)), delay: timing.delay)
    }

    private func ask() {
        guard unsafe request == nil else { return }
        unsafe request = unsafe pa_stream_update_timing_info(stream, nil, nil)
    }

    private func takeAnswer() {
        guard let answered = unsafe request, unsafe pa_operation_get_state(answered) != PA_OPERATION_RUNNING else {
            return
        }
        unsafe pa_operation_unref(answered)
        unsafe request = nil
        guard var info = unsafe pa_stream_get_timing_info(stream)?.pointee else { return }
        timing = PulseTiming(
            taken: max(0, Int(info.read_index) / 2), delay: Int(info.sink_usec) * sampleRate / 1_000_000,
            isPlaying: info.playing != 0, gap: info.playing != 0 ? 0 : max(0, Int(info.since_underrun) / 2),
            sampleRate: sampleRate)
        // This thread may have been held up since the answer came.
        let age = unsafe pa_timeval_age(&info.timestamp)
        seen = clock.now - .microseconds(min(age, 100_000))
    }
}
