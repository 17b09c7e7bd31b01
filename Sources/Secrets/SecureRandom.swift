private import COpenSSL

/// Bytes that nobody can guess.
package enum SecureRandom {
    /// - Returns: `count` bytes from OpenSSL's generator, which the system seeds.
    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let status = unsafe RAND_bytes(&bytes, Int32(count))
        precondition(status == 1, "the system gives no random bytes")
        return bytes
    }
}
