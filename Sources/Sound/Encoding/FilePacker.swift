/// Cuts what a file encoder makes into frames.
final class FilePacker: FramePacker {
    let preSkip: Int
    private let encoder: any SoundFileEncoder

    init(_ encoder: any SoundFileEncoder) {
        self.encoder = encoder
        preSkip = 0
    }

    init(mp3 encoder: MP3Encoder) {
        self.encoder = encoder
        preSkip = encoder.preSkip
    }

    func pack(_ samples: [Int16]) throws(EncodingError) -> [UInt8] { try encoder.encode(samples) }

    func finish(_ rest: [Int16]) throws(EncodingError) -> [[UInt8]] {
        let last = try encoder.encode(rest) + encoder.finish()
        return last.isEmpty ? [] : [last]
    }
}
