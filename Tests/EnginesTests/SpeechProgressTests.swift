@testable import Engines
import Sound
import Testing
import VoiceCore
import Wyoming

@Suite struct SpeechProgressTests {
    private static let shape = AudioShape(rate: 8_000)

    @Test(arguments: 1...9) func `a second try goes on at the sample where the first broke off`(pieceCount: Int) {
        let all = (0..<20).map { Int16($0) }
        var progress = SpeechProgress()
        var heard: [Int16] = []
        for piece in pieces(all, of: 2).prefix(pieceCount) { heard += samples(progress.part(of: piece)) }
        progress.restart()
        for piece in pieces(all, of: 3) { heard += samples(progress.part(of: piece)) }
        #expect(heard == all)
    }

    @Test func `three tries give each sample once`() {
        let all = (0..<30).map { Int16($0) }
        var progress = SpeechProgress()
        var heard: [Int16] = []
        for piece in pieces(all, of: 4).prefix(3) { heard += samples(progress.part(of: piece)) }
        progress.restart()
        for piece in pieces(all, of: 4).prefix(1) { heard += samples(progress.part(of: piece)) }
        progress.restart()
        for piece in pieces(all, of: 7) { heard += samples(progress.part(of: piece)) }
        #expect(heard == all)
    }

    @Test func `word times are told once`() {
        let word = SpokenWord(characterIndex: 3, characterCount: 2, startMilliseconds: 5, endMilliseconds: 9)
        let start = AudioStart(shape: Self.shape, words: [word])
        var progress = SpeechProgress()
        let time = WordTime(characterOffset: 3, characterCount: 2, start: .milliseconds(5), end: .milliseconds(9))
        #expect(progress.part(of: start) == .words([time]))
        progress.restart()
        #expect(progress.part(of: start) == nil)
    }

    @Test func `several channels become one`() {
        var progress = SpeechProgress()
        let piece = AudioPiece(shape: AudioShape(rate: 8_000, channels: 2), pcm: bytes([10, 20, -32_768, -32_768]))
        #expect(samples(progress.part(of: piece)) == [15, -32_768])
    }

    private func pieces(_ samples: [Int16], of count: Int) -> [AudioPiece] {
        stride(from: 0, to: samples.count, by: count).map { start in
            AudioPiece(shape: Self.shape, pcm: bytes(Array(samples[start..<min(start + count, samples.count)])))
        }
    }

    private func bytes(_ samples: [Int16]) -> [UInt8] {
        samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    private func samples(_ part: SynthesisPart?) -> [Int16] {
        if case .audio(let chunk)? = part { chunk.samples } else { [] }
    }
}
