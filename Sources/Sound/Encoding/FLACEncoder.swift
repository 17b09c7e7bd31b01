private import CFLAC

/// Packs audio without loss.
///
/// In a whole file the first block tells the length and a checksum of the samples; in a stream it tells neither.
@safe final class FLACEncoder: SoundFileEncoder {
    /// Where the library writes; it goes back to the beginning when it knows length and checksum.
    private final class Sink {
        var bytes: [UInt8] = []
        var position = 0

        func write(_ piece: UnsafeBufferPointer<UInt8>) {
            let overlap = min(piece.count, bytes.count - position)
            if overlap > 0 { unsafe bytes.replaceSubrange(position..<(position + overlap), with: piece[..<overlap]) }
            if overlap < piece.count { unsafe bytes.append(contentsOf: piece[overlap...]) }
            position += piece.count
        }
    }

    private let handle: UnsafeMutablePointer<FLAC__StreamEncoder>
    private let sink = Sink()
    private let isWhole: Bool

    /// - Parameters:
    ///   - sampleRate: In hertz.
    ///   - sampleCount: Of the whole file; nil for a stream.
    init(sampleRate: Int, sampleCount: Int? = nil) throws(EncodingError) {
        guard let handle = unsafe FLAC__stream_encoder_new() else { throw .library(.flac, code: -1) }
        unsafe self.handle = unsafe handle
        isWhole = sampleCount != nil
        unsafe FLAC__stream_encoder_set_channels(handle, 1)
        unsafe FLAC__stream_encoder_set_bits_per_sample(handle, 16)
        unsafe FLAC__stream_encoder_set_sample_rate(handle, UInt32(sampleRate))
        unsafe FLAC__stream_encoder_set_compression_level(handle, 5)
        // A block holds at most 100 ms, so that a stream can be heard while it is made.
        unsafe FLAC__stream_encoder_set_blocksize(handle, UInt32(max(256, sampleRate / 10)))
        unsafe FLAC__stream_encoder_set_streamable_subset(handle, 0)
        if let sampleCount { unsafe FLAC__stream_encoder_set_total_samples_estimate(handle, UInt64(sampleCount)) }
        let status = open()
        guard status == FLAC__STREAM_ENCODER_INIT_STATUS_OK else {
            throw .library(.flac, code: Int(status.rawValue))
        }
    }

    deinit { unsafe FLAC__stream_encoder_delete(handle) }

    func encode(_ samples: [Int16]) throws(EncodingError) -> [UInt8] {
        guard !samples.isEmpty else { return taken() }
        let wide = samples.map { Int32($0) }
        let isTaken = unsafe wide.withUnsafeBufferPointer { buffer in
            unsafe FLAC__stream_encoder_process_interleaved(handle, buffer.baseAddress, UInt32(buffer.count))
        }
        guard isTaken != 0 else { throw failure }
        return taken()
    }

    func finish() throws(EncodingError) -> [UInt8] {
        guard unsafe FLAC__stream_encoder_finish(handle) != 0 else { throw failure }
        return sink.bytes
    }

    /// A whole file is given at its end, since its beginning is written last.
    private func taken() -> [UInt8] {
        guard !isWhole else { return [] }
        defer {
            sink.bytes = []
            sink.position = 0
        }
        return sink.bytes
    }

    private var failure: EncodingError {
        .library(.flac, code: Int(unsafe FLAC__stream_encoder_get_state(handle).rawValue))
    }

    private func open() -> FLAC__StreamEncoderInitStatus {
        let context = unsafe Unmanaged.passUnretained(sink).toOpaque()
        let write: FLAC__StreamEncoderWriteCallback = { _, bytes, count, _, _, context in
            guard let context = unsafe context else { return FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR }
            let sink = unsafe Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
            unsafe sink.write(UnsafeBufferPointer(start: bytes, count: count))
            return FLAC__STREAM_ENCODER_WRITE_STATUS_OK
        }
        guard isWhole else {
            return unsafe FLAC__stream_encoder_init_stream(handle, write, nil, nil, nil, context)
        }
        let seek: FLAC__StreamEncoderSeekCallback = { _, position, context in
            guard let context = unsafe context else { return FLAC__STREAM_ENCODER_SEEK_STATUS_ERROR }
            unsafe Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue().position = Int(position)
            return FLAC__STREAM_ENCODER_SEEK_STATUS_OK
        }
        let tell: FLAC__StreamEncoderTellCallback = { _, position, context in
            guard let context = unsafe context else { return FLAC__STREAM_ENCODER_TELL_STATUS_ERROR }
            unsafe position?.pointee = UInt64(Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue().position)
            return FLAC__STREAM_ENCODER_TELL_STATUS_OK
        }
        return unsafe FLAC__stream_encoder_init_stream(handle, write, seek, tell, nil, context)
    }
}
