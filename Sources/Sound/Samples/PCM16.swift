/// Samples as bytes and at another volume.
package enum PCM16 {
    /// The samples as little-endian bytes, two each.
    package static func bytes(of samples: some Collection<Int16>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(samples.count * 2)
        for sample in samples {
            bytes.append(UInt8(truncatingIfNeeded: sample))
            bytes.append(UInt8(truncatingIfNeeded: sample >> 8))
        }
        return bytes
    }

    /// The samples that little-endian bytes stand for.
    ///
    /// - Returns: nil when the count of bytes is odd.
    package static func samples(of bytes: some Collection<UInt8>) -> [Int16]? {
        guard bytes.count.isMultiple(of: 2) else { return nil }
        var samples: [Int16] = []
        samples.reserveCapacity(bytes.count / 2)
        var low: UInt8?
        for byte in bytes {
            if let lowByte = low {
                samples.append(Int16(bitPattern: UInt16(byte) << 8 | UInt16(lowByte)))
                low = nil
            } else {
                low = byte
            }
        }
        return samples
    }

    /// Changes the volume of speech; what comes near the ends of the range is bent instead of cut off.
    ///
    /// - Parameter gain: 0 and above, finite; 1 leaves every sample as it is.
    package static func level(_ samples: inout [Int16], by gain: Double) {
        // Above four fifths of the range a sample is bent, so that three times the range just reaches its end.
        let (full, knee) = (32_767.0, 0.8 * 32_767)
        guard gain > 1 else { return amplify(&samples, by: gain) }
        for index in samples.indices {
            let value = Double(samples[index]) * gain
            let excess = (abs(value) - knee) / (full - knee)
            let height = excess <= 0 ? abs(value) : knee + (full - knee) * excess / (1 + excess)
            samples[index] = Int16((value < 0 ? -height : height).rounded())
        }
    }

    /// Changes the volume; what would leave the range stays at its end.
    ///
    /// - Parameter gain: 0 and above, finite; 1 leaves every sample as it is.
    package static func amplify(_ samples: inout [Int16], by gain: Double) {
        precondition(gain >= 0 && gain.isFinite, "a gain is finite and not below 0")
        guard gain != 1 else { return }
        for index in samples.indices {
            samples[index] = Int16(max(-32_768, min(32_767, (Double(samples[index]) * gain).rounded())))
        }
    }
}
