/// The exclusive-or that clients apply to what they send (RFC 6455, section 5.3).
enum Masking {
    /// Applies the key to `bytes` from `start` on; doing it twice undoes it.
    ///
    /// - Parameter offset: How many bytes of the payload came before `start`.
    static func apply(_ key: UInt32, to bytes: inout [UInt8], from start: Int, offset: Int) {
        let turned =
            UInt32(truncatingIfNeeded: UInt64(key) << UInt64((offset & 3) * 8))
            | UInt32(truncatingIfNeeded: UInt64(key) >> UInt64(32 - (offset & 3) * 8))
        let word = UInt64(turned.bigEndian) | UInt64(turned.bigEndian) << 32
        unsafe bytes.withUnsafeMutableBytes { raw in
            var index = start
            while index + 8 <= raw.count {
                let value = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                unsafe raw.storeBytes(of: value ^ word, toByteOffset: index, as: UInt64.self)
                index += 8
            }
            while index < raw.count {
                let shift = UInt64((index - start) & 3) * 8
                unsafe raw[index] ^= UInt8(truncatingIfNeeded: word >> shift)
                index += 1
            }
        }
    }
}
