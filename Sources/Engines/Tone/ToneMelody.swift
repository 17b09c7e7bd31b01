private import Sound
internal import VoiceCore

/// The tones of a text and their times; `ToneEngine` says how they are made.
struct ToneMelody: Sendable {
    private(set) var samples: [Int16] = []
    private(set) var words: [WordTime] = []

    init(_ text: String, speed: Double, pitch: Double) {
        let gap = Int(960 / speed)
        for (offset, word) in Self.words(of: text) {
            let start = samples.count
            appendTone(of: word, speed: speed, pitch: pitch)
            let format = ToneEngine.format
            words.append(
                WordTime(
                    characterOffset: offset, characterCount: word.count, start: format.duration(of: start),
                    end: format.duration(of: samples.count)))
            samples.append(contentsOf: repeatElement(1, count: gap))
        }
    }

    private mutating func appendTone(of word: [Unicode.Scalar], speed: Double, pitch: Double) {
        let count = Int(Double(min(60 * word.count, 900) * 24) / speed)
        let frequency = Int(Double(200 + Self.hash(of: word) % 600) * pitch)
        for index in 0..<count {
            let place = index * frequency % 24_000
            let height = 16_000 * (place < 12_000 ? place : 24_000 - place) / 12_000
            let gain = min(index, count - 1 - index, 120)
            let sample = Int16(height * gain / 120 - 8_000 * gain / 120)
            samples.append(sample == 0 ? 1 : sample)
        }
    }

    /// Words with the number of scalars before each.
    private static func words(of text: String) -> [(offset: Int, word: [Unicode.Scalar])] {
        let isSpace: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
        let scalars = Array(text.unicodeScalars)
        return scalars.split(whereSeparator: isSpace).map { ($0.startIndex, Array($0)) }
    }

    /// FNV-1a with 32 bits.
    private static func hash(of word: [Unicode.Scalar]) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for scalar in word {
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                hash = (hash ^ UInt32(byte)) &* 16_777_619
            }
        }
        return hash
    }
}
