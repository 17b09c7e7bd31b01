private import CPulse

/// A recording stream of PulseAudio, or of PipeWire in its guise.
@safe final class PulseCapture: CaptureStream {
    /// How long the server may take to answer anything.
    private static let answerLimit = Duration.seconds(1)
    /// How much comes at once: what a person does not notice.
    private static let pieceMilliseconds = 20

    private let connection: PulseConnection
    private let stream: OpaquePointer

    /// - Parameter source: Its name; nil for the default one, unless that only repeats what sounds here.
    init(_ connection: PulseConnection, source: String?, sampleRate: Int) throws(DeviceError) {
        var format = pa_sample_spec(format: PA_SAMPLE_S16LE, rate: UInt32(sampleRate), channels: 1)
        guard let stream = unsafe pa_stream_new(connection.context, "microphone", &format, nil) else {
            throw .refused(status: connection.lastError)
        }
        self.connection = connection
        unsafe self.stream = unsafe stream
        try connect(to: source, byteCount: 2 * sampleRate * Self.pieceMilliseconds / 1_000)
        let name = unsafe pa_stream_get_device_name(stream).map { unsafe String(cString: $0) }
        if source == nil, name?.hasSuffix(".monitor") ?? false { throw .noDevice }
    }

    deinit {
        unsafe pa_stream_disconnect(stream)
        unsafe pa_stream_unref(stream)
    }

    func read(upTo limit: Duration) throws(DeviceError) -> CapturedAudio {
        if unsafe pa_stream_readable_size(stream) == 0 { try connection.iterate(upTo: limit) }
        guard unsafe pa_stream_get_state(stream) == PA_STREAM_READY else { throw .lost }
        var samples: [Int16] = []
        while true {
            var data: UnsafeRawPointer?
            var byteCount = 0
            guard unsafe pa_stream_peek(stream, &data, &byteCount) == 0 else { throw .lost }
            guard byteCount > 0 else { return CapturedAudio(samples: samples) }
            if let data = unsafe data {
                let bytes = unsafe UnsafeRawBufferPointer(start: data, count: byteCount)
                samples += unsafe Array(bytes.bindMemory(to: Int16.self))
            } else {
                // A hole, which has its time.
                samples += Array(repeating: 0, count: byteCount / 2)
            }
            unsafe pa_stream_drop(stream)
        }
    }

    private func connect(to source: String?, byteCount: Int) throws(DeviceError) {
        var buffer = pa_buffer_attr(
            maxlength: .max, tlength: .max, prebuf: .max, minreq: .max, fragsize: UInt32(byteCount))
        var flags = PA_STREAM_ADJUST_LATENCY.rawValue
        if source != nil { flags |= PA_STREAM_DONT_MOVE.rawValue }
        let status = unsafe pa_stream_connect_record(stream, source, &buffer, pa_stream_flags_t(flags))
        guard status == 0 else { throw refusal(source) }
        try connection.wait(within: Self.answerLimit) { () throws(DeviceError) in
            let state = unsafe pa_stream_get_state(stream)
            guard state.rawValue <= PA_STREAM_READY.rawValue else { throw refusal(source) }
            return state == PA_STREAM_READY
        }
    }

    private func refusal(_ source: String?) -> DeviceError {
        let error = connection.lastError
        guard error == Int32(PA_ERR_NOENTITY.rawValue) else { return .refused(status: error) }
        return source.map { .unknownDevice($0) } ?? .noDevice
    }
}
