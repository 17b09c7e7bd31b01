import Flow
import Sound
import VoiceCore

/// Makes a job's audio clause by clause, never more than a few seconds ahead of its slowest listener.
struct Synthesis: Sendable {
    /// ARCHITECTURE.md: the next clause is asked for when less than 3 s lie ahead of the slowest reader.
    static let margin = Duration.seconds(3)

    /// What the dispatcher learns on the way.
    enum Progress: Sendable {
        case firstAudio
        case clauseDone
        case complete
        case broken(SynthesisError)
    }

    let request: SpeakRequest
    let voice: String
    let synthesizer: any Synthesizer
    let take: Take

    /// Works until the text is spoken, the engine fails or the task is cancelled.
    func run(report: @Sendable (Progress) async -> Void) async {
        for (index, piece) in ClauseCutter.cut(request.text).enumerated() {
            if index > 0, await !take.waitForDemand(Self.margin) { return }
            do throws(SynthesisError) {
                try await speak(piece, report)
            } catch {
                guard !Task.isCancelled else { return }
                take.end(.broken(error))
                await report(.broken(error))
                return
            }
            guard !Task.isCancelled else { return }
            await report(.clauseDone)
        }
        take.end(.complete)
        await report(.complete)
    }

    private func speak(_ piece: TextPiece, _ report: @Sendable (Progress) async -> Void) async throws(SynthesisError) {
        let start = take.duration
        let clause = Clause(text: piece.text, voice: voice, language: request.language, speed: request.speed)
        let words = Monitor(false)
        try await synthesizer.synthesize(clause) { part in
            switch part {
            case .words(let times):
                words.withLock { $0 = $0 || !times.isEmpty }
                take.append(words: times.map { $0.moved(by: piece.characterOffset, start) }, areEstimated: false)
            case .audio(let chunk):
                let isFirst = take.format == nil
                take.append(chunk.scaled(by: request.volume))
                if isFirst { await report(.firstAudio) }
            }
        }
        guard !words.withLock({ $0 }), !Task.isCancelled else { return }
        let guesses = HeardText.estimate(
            piece.text, characterOffset: piece.characterOffset, from: start, lasting: take.duration - start)
        take.append(words: guesses, areEstimated: !guesses.isEmpty)
    }
}

extension WordTime {
    /// The same word in the whole text and the whole job.
    fileprivate func moved(by characters: Int, _ time: Duration) -> WordTime {
        WordTime(
            characterOffset: characterOffset + characters, characterCount: characterCount, start: start + time,
            end: end + time)
    }
}

extension AudioChunk {
    /// Louder or quieter; a factor of 1 leaves every bit as it is.
    fileprivate func scaled(by factor: Double) -> AudioChunk {
        guard factor != 1 else { return self }
        var scaled = self
        scaled.samples = samples.map { sample in
            Int16(max(-32_768, min(32_767, (Double(sample) * factor).rounded())))
        }
        return scaled
    }
}
