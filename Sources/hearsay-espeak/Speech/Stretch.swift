private import CSonic

/// Changes pace and pitch of finished speech, where espeak-ng's own range ends.
struct Stretch {
    let sampleRate: Int
    /// Above 1 is faster.
    let speed: Double
    /// A factor of the base frequency.
    let pitch: Double

    /// - Returns: The samples unchanged if there is nothing to do, or the library has no memory.
    func apply(_ samples: [Int16]) -> [Int16] {
        if abs(speed - 1) < 0.01, abs(pitch - 1) < 0.01 { return samples }
        guard let stream = unsafe sonicCreateStream(Int32(sampleRate), 1) else { return samples }
        defer { unsafe sonicDestroyStream(stream) }
        unsafe sonicSetSpeed(stream, Float(speed))
        unsafe sonicSetPitch(stream, Float(pitch))
        var input = samples
        let isTaken = unsafe input.withUnsafeMutableBufferPointer { buffer in
            unsafe sonicWriteShortToStream(stream, buffer.baseAddress, Int32(buffer.count)) != 0
                && sonicFlushStream(stream) != 0
        }
        guard isTaken else { return samples }
        let count = Int(unsafe sonicSamplesAvailable(stream))
        return unsafe [Int16](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = Int(unsafe sonicReadShortFromStream(stream, buffer.baseAddress, Int32(count)))
        }
    }
}
