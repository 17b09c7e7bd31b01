private import CSonic

/// Makes speech slower or faster without changing its pitch, where espeak-ng's own pace ends.
struct Stretch {
    let sampleRate: Int

    /// - Parameter speed: Above 1 is faster.
    /// - Returns: The samples unchanged if the library has no memory.
    func apply(_ samples: [Int16], speed: Double) -> [Int16] {
        guard let stream = unsafe sonicCreateStream(Int32(sampleRate), 1) else { return samples }
        defer { unsafe sonicDestroyStream(stream) }
        unsafe sonicSetSpeed(stream, Float(speed))
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
