/// Samples as they are, behind a header that may be empty.
final class PCMEncoder: SoundFileEncoder {
    private var header: [UInt8]

    init(header: [UInt8]) { self.header = header }

    func encode(_ samples: [Int16]) -> [UInt8] {
        defer { header = [] }
        return header + PCM16.bytes(of: samples)
    }

    func finish() -> [UInt8] { encode([]) }
}
