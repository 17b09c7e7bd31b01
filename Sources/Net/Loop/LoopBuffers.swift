import Secrets

/// What a loop lends its members for the length of a call, so that an idle connection owns none of it.
final class LoopBuffers {
    /// Where sockets are read into.
    var reading = [UInt8](repeating: 0, count: 64 * 1024)
    /// Where small frames are gathered, so that they leave in one write.
    var writing = [UInt8](repeating: 0, count: 64 * 1024)
    var date = HTTPDate()
    private var keys: [UInt8] = []

    /// A key nobody can guess, to mask one frame with.
    func maskingKey() -> UInt32 {
        if keys.count < 4 { keys = SecureRandom.bytes(1024) }
        var key: UInt32 = 0
        for byte in keys.suffix(4) { key = key << 8 | UInt32(byte) }
        keys.removeLast(4)
        return key
    }
}
