import Flow
import Sound
import SpokenText
import VoiceCore

/// Makes a job's audio clause by clause, never more than a few seconds ahead of its slowest listener.
struct Synthesis: Sendable {
    /// What the dispatcher learns on the way.
    enum Progress: Sendable {
        /// What of the text's markup could not be understood.
        case misread([SSMLProblem])
        case firstAudio
        /// Another voice speaks the present clause and all that follow.
        case fellBack(Fallback)
        case clauseDone
        case complete
        case broken(SynthesisError)
    }

    let request: SpeakRequest
    let voice: String
    let synthesizer: any Synthesizer
    let take: Take
    /// Who speaks for a voice whose engine failed.
    let standIn: @Sendable (_ voice: String, _ language: String?) async -> StandIn?
    let pronunciations: Pronunciations

    /// Works until the text is spoken, the engine fails or the task is cancelled.
    func run(report: @Sendable (Progress) async -> Void) async {
        let script = await script()
        if !script.problems.isEmpty { await report(.misread(script.problems)) }
        var speaker = Speaker(voice: voice, synthesizer: synthesizer)
        for (index, piece) in SpokenPiece.pieces(of: script).enumerated() {
            if index > 0, await !take.waitForDemand(speaker.synthesizer.lead) { return }
            do throws(SynthesisError) {
                try await speak(piece, by: &speaker, report)
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

    /// The text as it is to be spoken, in the language of the request or else of the voice.
    private func script() async -> Script {
        var options = ScriptOptions()
        options.pronunciations = pronunciations
        if let language = request.language {
            options.language = language
        } else if let known = await synthesizer.voices().first(where: { voice == $0.id || voice.hasSuffix("/" + $0.id) }
        ) {
            options.language = known.language
        }
        return Script(request.text, options)
    }

    /// Who speaks at present.
    private struct Speaker {
        var voice: String
        var synthesizer: any Synthesizer
    }

    /// Speaks a clause; where the engine fails and there is another one, that one says the clause from its beginning.
    private func speak(
        _ piece: SpokenPiece, by speaker: inout Speaker, _ report: @Sendable (Progress) async -> Void
    ) async throws(SynthesisError) {
        let start = take.duration
        do throws(SynthesisError) {
            try await speak(piece, by: speaker, report)
        } catch {
            let language = piece.style.language ?? request.language
            guard !Task.isCancelled, let other = await standIn(speaker.voice, language)
            else { throw error }
            await report(
                .fellBack(Fallback(engine: other.synthesizer.name, voice: other.voice.id, reason: error)))
            speaker = Speaker(
                voice: other.voice.id, synthesizer: FormatKeeper(synthesizer: other.synthesizer, take: take))
            take.withdraw(from: start)
            var piece = piece
            // The pause before it was heard already.
            if take.duration > start { piece.pauseBefore = .zero }
            try await speak(piece, by: speaker, report)
        }
    }

    private func speak(
        _ piece: SpokenPiece, by speaker: Speaker, _ report: @Sendable (Progress) async -> Void
    ) async throws(SynthesisError) {
        let pause = Monitor(take.rest(for: piece.pauseBefore))
        // Some engines make a noise of marks without a word.
        guard piece.text.isSpeakable else { return }
        let start = take.duration + pause.withLock { $0 }
        let words = Monitor((translation: WordTranslation(piece.text, from: start), areGiven: false))
        try await speaker.synthesizer.synthesize(clause(of: piece, by: speaker.voice)) { part in
            switch part {
            case .words(let times):
                let known = words.withLock { words in
                    words.areGiven = words.areGiven || !times.isEmpty
                    return words.translation.translate(times)
                }
                take.append(words: known, areEstimated: false)
            case .audio(let chunk):
                let isFirst = take.format == nil
                if let silence = chunk.format.silence(pause.exchange(.zero)) { take.append(silence) }
                take.append(chunk.scaled(by: request.volume * piece.style.volume))
                if isFirst { await report(.firstAudio) }
            }
        }
        take.append(words: words.withLock { $0.translation.finish() }, areEstimated: false)
        guard !words.withLock({ $0.areGiven }), !Task.isCancelled else { return }
        let guesses = HeardText.estimate(
            piece.text.string, characterOffset: 0, from: .zero, lasting: max(.zero, take.duration - start))
        var translation = WordTranslation(piece.text, from: start)
        take.append(words: translation.translate(guesses) + translation.finish(), areEstimated: !guesses.isEmpty)
    }

    private func clause(of piece: SpokenPiece, by voice: String) -> Clause {
        let speed = min(max(request.speed * piece.style.rate, 0.25), 4)
        return Clause(
            text: piece.text.string, voice: voice, language: piece.style.language ?? request.language, speed: speed,
            pitch: piece.style.pitch, phonemes: piece.phonemes.map { Clause.Phonemes(range: $0.range, ipa: $0.ipa) })
    }
}

extension Take {
    /// Adds a silence if the format is known, which it is not before the first audio.
    ///
    /// - Returns: What is left to be added.
    fileprivate func rest(for pause: Duration) -> Duration {
        guard let format, let silence = format.silence(pause) else { return pause }
        append(silence)
        return .zero
    }
}

extension AudioFormat {
    /// Samples without a sound; nil for no time at all.
    fileprivate func silence(_ duration: Duration) -> AudioChunk? {
        let count = sampleCount(in: duration)
        return count > 0 ? AudioChunk(format: self, samples: Array(repeating: 0, count: count)) : nil
    }
}

extension Monitor {
    /// Puts a value in and gives the one before.
    fileprivate func exchange(_ value: State) -> State {
        withLock { state in
            defer { state = value }
            return state
        }
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
