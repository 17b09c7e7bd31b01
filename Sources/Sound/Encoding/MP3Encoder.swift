private import CLame

/// Packs speech as MP3 with a constant 64 kbit/s (32 below 16 kHz), which browsers and telephones decode alike.
///
/// MP3 delays what it packs by some 1,100 samples and fills the last frame up. A whole file says so in its first frame
/// (the Info frame), and players cut both off again; a stream has no such frame, since its length is not known.
@safe final class MP3Encoder: SoundFileEncoder {
    private let handle: OpaquePointer
    /// Samples that a decoder gives before the first one that went in.
    let preSkip: Int

    /// Of the constant rate for samples of a given one.
    static func bitsPerSecond(at sampleRate: Int) -> Int { sampleRate < 16_000 ? 32_000 : 64_000 }

    /// - Parameters:
    ///   - sampleRate: One of MP3's own.
    ///   - leavesRoomForInfo: Whether the first frame is kept free for `withInfo`.
    init(sampleRate: Int, leavesRoomForInfo: Bool = false) throws(EncodingError) {
        guard let handle = unsafe lame_init() else { throw .library(.mp3, code: 0) }
        unsafe self.handle = unsafe handle
        unsafe lame_set_in_samplerate(handle, Int32(sampleRate))
        unsafe lame_set_out_samplerate(handle, Int32(sampleRate))
        unsafe lame_set_num_channels(handle, 1)
        unsafe lame_set_mode(handle, MONO)
        unsafe lame_set_brate(handle, Int32(Self.bitsPerSecond(at: sampleRate) / 1_000))
        // lame's own scale, 0 the best and slowest: 5 is its balance, ten times quicker than 2.
        unsafe lame_set_quality(handle, 5)
        unsafe lame_set_bWriteVbrTag(handle, leavesRoomForInfo ? 1 : 0)
        let status = unsafe lame_init_params(handle)
        // A decoder adds 528 samples and one of its own (LAME's technical FAQ, “gapless playback”).
        preSkip = unsafe Int(lame_get_encoder_delay(handle)) + 529
        guard status >= 0 else { throw .library(.mp3, code: Int(status)) }
    }

    deinit { unsafe lame_close(handle) }

    func encode(_ samples: [Int16]) throws(EncodingError) -> [UInt8] {
        guard !samples.isEmpty else { return [] }
        // lame.h: a call gives at most 1.25 bytes a sample and 7,200 more.
        return try unsafe filled(samples.count * 5 / 4 + 7_200) { bytes in
            unsafe samples.withUnsafeBufferPointer { input in
                unsafe lame_encode_buffer(
                    handle, input.baseAddress, nil, Int32(input.count), bytes.baseAddress, Int32(bytes.count))
            }
        }
    }

    func finish() throws(EncodingError) -> [UInt8] {
        try unsafe filled(7_200) { bytes in unsafe lame_encode_flush(handle, bytes.baseAddress, Int32(bytes.count)) }
    }

    /// Puts delay, padding and length into the first frame of a finished file.
    func withInfo(_ file: [UInt8]) -> [UInt8] {
        let count = unsafe lame_get_lametag_frame(handle, nil, 0)
        guard count > 0, count <= file.count else { return file }
        var info = [UInt8](repeating: 0, count: count)
        let written = unsafe info.withUnsafeMutableBufferPointer {
            unsafe lame_get_lametag_frame(handle, $0.baseAddress, $0.count)
        }
        return written == count ? info + file[count...] : file
    }

    private func filled(
        _ room: Int, _ work: (UnsafeMutableBufferPointer<UInt8>) -> Int32
    ) throws(EncodingError) -> [UInt8] {
        var status: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            status = unsafe work(buffer)
            count = max(0, Int(status))
        }
        guard status >= 0 else { throw .library(.mp3, code: Int(status)) }
        return bytes
    }
}
