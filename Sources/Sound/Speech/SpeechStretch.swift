private import CSonic

/// Changes pace and pitch of finished speech, for engines that cannot do it themselves.
package struct SpeechStretch: Hashable, Sendable {
    /// Above 1 is faster.
    package var speed: Double
    /// A factor of the base frequency; the voice's colour moves along.
    package var pitch: Double

    package init(speed: Double = 1, pitch: Double = 1) {
        self.speed = speed
        self.pitch = pitch
    }

    /// Whether anybody would hear a difference.
    package var isNeeded: Bool { abs(speed - 1) > 0.01 || abs(pitch - 1) > 0.01 }

    /// - Parameter sampleRate: In hertz; of mono.
    /// - Returns: The samples unchanged if there is nothing to do, or the library has no memory.
    package func apply(_ samples: [Int16], sampleRate: Int) -> [Int16] {
        guard isNeeded, let stream = unsafe sonicCreateStream(Int32(sampleRate), 1) else { return samples }
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
