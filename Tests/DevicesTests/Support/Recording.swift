import Flow
import Sound

/// What was recorded so far of a sink.
struct Recording: Sendable {
    private let bytes: Monitor<[UInt8]>

    init(_ bytes: Monitor<[UInt8]>) {
        self.bytes = bytes
    }

    /// The samples that are not silent.
    ///
    /// What is played in these tests has no sample of 0, so a pause that a busy machine makes does not matter, while a
    /// lost, repeated or changed sample does.
    var heard: [Int16] {
        Self.heard(bytes.withLock { $0 })
    }

    /// Waits until the samples that are not silent are enough.
    func waitForHeard(_ count: Int) async -> Bool {
        await wait { Self.heard($0).count >= count }
    }

    /// Waits until that many more samples were recorded, silent ones too.
    func waitForMore(_ count: Int) async -> Bool {
        let target = bytes.withLock { $0.count } + 2 * count
        return await wait { $0.count >= target }
    }

    func wait(until isEnough: @escaping @Sendable ([UInt8]) -> Bool) async -> Bool {
        await Timeline.live().limit(.seconds(30)) { await bytes.wait { isEnough($0) ? true : nil } } ?? false
    }

    private static func heard(_ bytes: [UInt8]) -> [Int16] {
        (PCM16.samples(of: bytes[..<(bytes.count & ~1)]) ?? []).filter { $0 != 0 }
    }
}
