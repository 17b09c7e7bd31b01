/// Writes audio as RIFF/WAVE bytes: signed 16-bit PCM in little-endian order.
package enum WAV {
    /// How many bytes come before the samples in what is written here.
    package static let headerByteCount = 44

    /// Stands for a size that is not known while the header is written.
    static let unknownSize = UInt32.max

    /// The header of a file.
    ///
    /// - Parameter byteCount: How many bytes of samples follow. Above 4 GiB less 36 bytes the header is the streaming one,
    ///   since the format has no room for the size.
    package static func header(_ format: AudioFormat, byteCount: Int) -> [UInt8] {
        precondition(byteCount >= 0, "a size is not negative")
        let isKnown = byteCount <= Int(UInt32.max) - 36
        return header(
            format, riffSize: isKnown ? UInt32(byteCount + 36) : unknownSize,
            dataSize: isKnown ? UInt32(byteCount) : unknownSize)
    }

    /// The header of a stream whose length nobody knows yet; both sizes are 0xFFFFFFFF.
    package static func streamingHeader(_ format: AudioFormat) -> [UInt8] {
        header(format, riffSize: unknownSize, dataSize: unknownSize)
    }

    /// A whole file.
    package static func encode(_ chunk: AudioChunk) -> [UInt8] {
        header(chunk.format, byteCount: chunk.samples.count * 2) + PCM16.bytes(of: chunk.samples)
    }

    private static func header(_ format: AudioFormat, riffSize: UInt32, dataSize: UInt32) -> [UInt8] {
        let bytesPerFrame = format.channelCount * 2
        var bytes: [UInt8] = []
        bytes += Array("RIFF".utf8) + little(riffSize) + Array("WAVEfmt ".utf8)
        bytes += little(UInt32(16)) + little(UInt16(1)) + little(UInt16(format.channelCount))
        bytes += little(UInt32(format.sampleRate)) + little(UInt32(format.sampleRate * bytesPerFrame))
        bytes += little(UInt16(bytesPerFrame)) + little(UInt16(16))
        bytes += Array("data".utf8) + little(dataSize)
        return bytes
    }

    private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        (0..<(Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: number >> Number($0 * 8)) }
    }
}
