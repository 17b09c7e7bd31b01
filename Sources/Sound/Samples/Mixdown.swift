/// Several channels made one, and other kinds of samples made 16-bit ones.
package enum Mixdown {
    /// The mean of all channels.
    ///
    /// - Parameter samples: Interleaved; a rest that is no whole frame is left out.
    package static func mono(of samples: [Int16], channelCount: Int) -> [Int16] {
        precondition(channelCount > 0, "audio has a channel")
        if channelCount == 1 { return samples }
        return stride(from: 0, to: samples.count - channelCount + 1, by: channelCount).map { start in
            Int16(samples[start..<start + channelCount].reduce(0) { $0 + Int($1) } / channelCount)
        }
    }

    /// Samples of 32-bit floats in little-endian order; what is louder than full scale is cut, what is no number silent.
    package static func samples(ofFloats bytes: [UInt8]) -> [Int16] {
        stride(from: 0, to: bytes.count - 3, by: 4).map { index in
            let bits = bytes[index..<index + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            let value = Float(bitPattern: bits)
            guard !value.isNaN else { return 0 }
            return Int16(max(-32_768, min(32_767, (max(-2, min(2, value)) * 32_768).rounded())))
        }
    }
}
