private import CPulse

/// A playing stream of PulseAudio.
///
/// Its buffer and the sink's together are held at about 60 ms, and what lies there can be taken back by `fadeOut`.
@safe final class PulseStream: DeviceStream {
    /// How long the server may take to answer anything.
    private static let answerLimit = Duration.seconds(1)

    private(set) var device: OutputDevice
    private let connection: PulseConnection
    private let stream: OpaquePointer
    private let sampleRate: Int
    private let isNamed: Bool
    private let clock: PulseStreamClock
    private var tail: SampleTail
    private var drainOperation: OpaquePointer?

    /// - Parameters:
    ///   - isNamed: Whether the device was asked for by its name; it is then never left for another one.
    ///   - isPaused: Whether it never plays.
    init(
        _ connection: PulseConnection, _ device: OutputDevice, isNamed: Bool, sampleRate: Int, isPaused: Bool = false
    ) throws(DeviceError) {
        var format = pa_sample_spec(format: PA_SAMPLE_S16LE, rate: UInt32(sampleRate), channels: 1)
        guard let stream = unsafe pa_stream_new(connection.context, "speech", &format, nil) else {
            throw .refused(status: connection.lastError)
        }
        self.connection = connection
        self.device = device
        self.isNamed = isNamed
        self.sampleRate = sampleRate
        unsafe self.stream = unsafe stream
        clock = unsafe PulseStreamClock(stream, sampleRate: sampleRate)
        tail = SampleTail(limit: sampleRate / 2)
        try connect(isPaused: isPaused)
    }

    deinit {
        if let operation = unsafe drainOperation { unsafe pa_operation_unref(operation) }
        unsafe pa_stream_disconnect(stream)
        unsafe pa_stream_unref(stream)
    }

    var prebufferCount: Int { sampleRate / 50 }

    var room: Int {
        let byteCount = unsafe pa_stream_writable_size(stream)
        return byteCount == .max ? 0 : byteCount / 2
    }

    var isDrained: Bool {
        guard let operation = unsafe drainOperation else { return false }
        return unsafe pa_operation_get_state(operation) == PA_OPERATION_DONE
    }

    func wait(upTo limit: Duration, wantsRoom: Bool) throws(DeviceError) {
        try connection.iterate(upTo: limit)
        guard isGood else { throw .lost }
        try checkWhereItPlays()
    }

    func write(_ samples: [Int16]) throws(DeviceError) {
        try write(samples, at: 0, PA_SEEK_RELATIVE)
        tail.append(samples)
    }

    func reading() throws(DeviceError) -> DeviceReading {
        clock.reading(written: tail.end)
    }

    func drain() throws(DeviceError) {
        guard unsafe drainOperation == nil else { return }
        unsafe drainOperation = unsafe pa_stream_drain(stream, nil, nil)
        guard unsafe drainOperation != nil else { throw .refused(status: connection.lastError) }
    }

    func fadeOut() throws(DeviceError) -> Int {
        let reading = try reading()
        // What sounds within 10 ms is too near to be replaced in time; before the beginning nothing sounds.
        let isSilent = reading.taken == 0
        let start = isSilent ? 0 : min(tail.end, reading.played + sampleRate / 100)
        let (replacement, fadeCount) = tail.fade(from: start, over: isSilent ? 0 : sampleRate / 200)
        guard !replacement.isEmpty else { return tail.end }
        try write(replacement, at: Int64(start * 2), PA_SEEK_ABSOLUTE)
        return start + fadeCount
    }

    /// Whether it is there; a named sink that goes takes it along.
    var isGood: Bool { unsafe pa_stream_get_state(stream) == PA_STREAM_READY }

    private func connect(isPaused: Bool) throws(DeviceError) {
        let bytesPerMillisecond = UInt32(sampleRate / 500)
        var buffer = pa_buffer_attr(
            maxlength: .max, tlength: 60 * bytesPerMillisecond, prebuf: UInt32(prebufferCount * 2),
            minreq: 10 * bytesPerMillisecond, fragsize: .max)
        var flags = PA_STREAM_ADJUST_LATENCY.rawValue
        if isNamed { flags |= PA_STREAM_DONT_MOVE.rawValue }
        if isPaused { flags |= PA_STREAM_START_CORKED.rawValue }
        let status = unsafe pa_stream_connect_playback(
            stream, isNamed ? device.name : nil, &buffer, pa_stream_flags_t(flags), nil, nil)
        guard status == 0 else { throw .refused(status: connection.lastError) }
        try connection.wait(within: Self.answerLimit) { () throws(DeviceError) in
            guard unsafe pa_stream_get_state(stream).rawValue <= PA_STREAM_READY.rawValue else {
                throw .refused(status: connection.lastError)
            }
            return isGood
        }
        try checkWhereItPlays()
    }

    /// The server moves streams when devices come and go; one that nobody hears is none.
    private func checkWhereItPlays() throws(DeviceError) {
        let name = unsafe pa_stream_get_device_name(stream).map { unsafe String(cString: $0) }
        guard !isNamed, name != device.name else { return }
        device = try connection.sink(unsafe pa_stream_get_device_index(stream), within: Self.answerLimit)
        guard !device.isDummy else { throw .lost }
    }

    private func write(_ samples: [Int16], at offset: Int64, _ seek: pa_seek_mode_t) throws(DeviceError) {
        let status = unsafe samples.withUnsafeBytes { bytes in
            unsafe pa_stream_write(stream, bytes.baseAddress, bytes.count, nil, offset, seek)
        }
        guard status == 0 else { throw .lost }
    }
}
