private import CFLAC

/// Reads FLAC.
@safe final class FLACFileReader: RecordingReader {
    /// What the library's callbacks read and write.
    private final class Desk {
        let bytes: ArraySlice<UInt8>
        var position: Int
        var samples: [Int16] = []
        var sampleRate = 0
        var isDamaged = false

        init(_ bytes: ArraySlice<UInt8>) {
            self.bytes = bytes
            position = bytes.startIndex
        }

        func read(into room: UnsafeMutableBufferPointer<UInt8>) -> Int {
            let count = min(room.count, bytes.endIndex - position)
            _ = unsafe room.update(fromContentsOf: bytes[position..<position + count])
            position += count
            return count
        }

        /// Mixes a block's channels into one of 16 bits.
        func take(_ header: FLAC__FrameHeader, _ channels: UnsafePointer<UnsafePointer<Int32>?>) {
            sampleRate = Int(header.sample_rate)
            let (count, bits) = (Int(header.channels), Int(header.bits_per_sample))
            for index in 0..<Int(header.blocksize) {
                var sum = 0
                for channel in 0..<count { sum += unsafe Int(channels[channel]?[index] ?? 0) }
                let mean = sum / max(1, count)
                let value = bits >= 16 ? mean >> (bits - 16) : mean << (16 - bits)
                samples.append(Int16(truncatingIfNeeded: max(-32_768, min(32_767, value))))
            }
        }
    }

    private let handle: UnsafeMutablePointer<FLAC__StreamDecoder>
    private let desk: Desk
    private var sampleCount = 0
    /// Where the last whole block ended.
    private var blockEnd = 0

    init(_ bytes: ArraySlice<UInt8>) throws(RecordingError) {
        desk = Desk(bytes)
        guard let handle = unsafe FLAC__stream_decoder_new() else { throw .library(.flac) }
        unsafe self.handle = unsafe handle
        guard open() == FLAC__STREAM_DECODER_INIT_STATUS_OK else { throw .library(.flac) }
    }

    deinit { unsafe FLAC__stream_decoder_delete(handle) }

    func next() throws(RecordingError) -> AudioChunk? {
        while desk.samples.isEmpty {
            let isRunning = unsafe FLAC__stream_decoder_process_single(handle) != 0
            let state = unsafe FLAC__stream_decoder_get_state(handle)
            if state == FLAC__STREAM_DECODER_END_OF_STREAM, desk.samples.isEmpty { return try finish() }
            guard isRunning, !desk.isDamaged else { throw .damaged(.flac) }
        }
        guard (1_000...384_000).contains(desk.sampleRate) else { throw .damaged(.flac) }
        defer { desk.samples = [] }
        var position: UInt64 = 0
        if unsafe FLAC__stream_decoder_get_decode_position(handle, &position) != 0 { blockEnd = Int(position) }
        sampleCount += desk.samples.count
        return AudioChunk(format: AudioFormat(sampleRate: desk.sampleRate), samples: desk.samples)
    }

    private func finish() throws(RecordingError) -> AudioChunk? {
        // 0 where whoever wrote it did not know.
        let total = unsafe FLAC__stream_decoder_get_total_samples(handle)
        guard sampleCount >= total else { throw .truncated(.flac) }
        guard sampleCount > 0 else { throw .damaged(.flac) }
        // The library takes half a block at the end for nothing; only tags of other programs may lie there.
        let rest = desk.bytes.dropFirst(blockEnd)
        guard total > 0 || rest.isEmpty || rest.starts(with: "TAG".utf8) else { throw .truncated(.flac) }
        return nil
    }

    private func open() -> FLAC__StreamDecoderInitStatus {
        let context = unsafe Unmanaged.passUnretained(desk).toOpaque()
        let read: FLAC__StreamDecoderReadCallback = { _, room, count, context in
            guard let context = unsafe context, let count = unsafe count else {
                return FLAC__STREAM_DECODER_READ_STATUS_ABORT
            }
            let desk = unsafe Unmanaged<Desk>.fromOpaque(context).takeUnretainedValue()
            unsafe count.pointee = unsafe desk.read(
                into: UnsafeMutableBufferPointer(start: room, count: count.pointee))
            return unsafe count.pointee == 0
                ? FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM : FLAC__STREAM_DECODER_READ_STATUS_CONTINUE
        }
        let write: FLAC__StreamDecoderWriteCallback = { _, frame, channels, context in
            guard let context = unsafe context, let frame = unsafe frame, let channels = unsafe channels else {
                return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT
            }
            let desk = unsafe Unmanaged<Desk>.fromOpaque(context).takeUnretainedValue()
            unsafe desk.take(frame.pointee.header, channels)
            return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE
        }
        let tell: FLAC__StreamDecoderTellCallback = { _, position, context in
            guard let context = unsafe context else { return FLAC__STREAM_DECODER_TELL_STATUS_ERROR }
            let desk = unsafe Unmanaged<Desk>.fromOpaque(context).takeUnretainedValue()
            unsafe position?.pointee = UInt64(desk.position - desk.bytes.startIndex)
            return FLAC__STREAM_DECODER_TELL_STATUS_OK
        }
        let fault: FLAC__StreamDecoderErrorCallback = { _, _, context in
            guard let context = unsafe context else { return }
            unsafe Unmanaged<Desk>.fromOpaque(context).takeUnretainedValue().isDamaged = true
        }
        return unsafe FLAC__stream_decoder_init_stream(
            handle, read, nil, tell, nil, nil, write, nil, fault, context)
    }
}
