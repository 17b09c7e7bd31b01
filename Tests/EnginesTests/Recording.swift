import Flow
import Sound
import VoiceCore

/// Keeps what an engine emits.
final class Recording: Sendable {
    private struct Contents: Sendable {
        var words: [WordTime] = []
        var samples: [Int16] = []
        var formats: Set<AudioFormat> = []
        var audioBeforeWords = false
        var partCount = 0
    }

    private let contents = Monitor(Contents())

    var words: [WordTime] { contents.withLock { $0.words } }
    var samples: [Int16] { contents.withLock { $0.samples } }
    var formats: Set<AudioFormat> { contents.withLock { $0.formats } }
    var hadAudioBeforeWords: Bool { contents.withLock { $0.audioBeforeWords } }
    var partCount: Int { contents.withLock { $0.partCount } }

    func take(_ part: SynthesisPart) {
        contents.update { contents in
            contents.partCount += 1
            switch part {
            case .words(let words):
                contents.words += words
                if !contents.samples.isEmpty { contents.audioBeforeWords = true }
            case .audio(let chunk):
                contents.samples += chunk.samples
                contents.formats.insert(chunk.format)
            }
        }
    }

    /// Returns once audio has come; false when the task was cancelled first.
    @discardableResult
    func waitForAudio() async -> Bool {
        await contents.wait { $0.samples.isEmpty ? nil : true } ?? false
    }
}
