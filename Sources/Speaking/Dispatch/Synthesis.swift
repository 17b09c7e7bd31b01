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
        /// What was written is made, and more is to be written.
        case ranDry
        /// The first audio after that.
        case wentOn
        case complete
        case broken(SynthesisError)

        /// Whether there is audio where there was none.
        fileprivate var isSound: Bool {
            switch self {
            case .firstAudio, .wentOn: true
            default: false
            }
        }
    }

    let request: SpeakRequest
    let voice: String
    let synthesizer: any Synthesizer
    let take: Take
    /// Who speaks for a voice whose engine failed.
    let standIn: @Sendable (_ voice: String, _ language: String?) async -> StandIn?
    let pronunciations: Pronunciations
    let loudness: LoudnessBook
    /// Where the text comes from that is still being written; nil for a whole one.
    let inflow: TextInflow?

    /// Works until the text is spoken, the engine fails or the task is cancelled.
    func run(report: @Sendable (Progress) async -> Void) async {
        var options = await options()
        var state = State(speaker: await speaker(voice, synthesizer))
        if let inflow {
            let isDry = Monitor(false)
            while let stretch = await inflow.next({
                isDry.withLock { $0 = true }
                await report(.ranDry)
            }) {
                state.isDry = isDry.exchange(false) || state.isDry
                let script = Script(stretch.text, options)
                options.emotion = script.segments.last?.style.emotion ?? options.emotion
                guard await speak(script, from: stretch.offset, &state, report) else { return }
            }
            if Task.isCancelled { return }
        } else {
            guard await speak(Script(request.text, options), from: 0, &state, report) else { return }
        }
        take.end(.complete)
        await report(.complete)
    }

    /// How far the work is.
    private struct State {
        var speaker: Speaker
        var last: SpokenPiece?
        /// Whether everything that was written was made before the present piece came.
        var isDry = false
    }

    /// - Parameter offset: Of the script in the text of the job.
    /// - Returns: False when the work is over.
    private func speak(
        _ script: Script, from offset: Int, _ state: inout State, _ report: @Sendable (Progress) async -> Void
    ) async -> Bool {
        if !script.problems.isEmpty { await report(.misread(script.problems)) }
        for var piece in SpokenPiece.pieces(of: script) {
            piece.text = piece.text.moved(by: offset)
            if let last = state.last {
                // Who has heard everything, or has given up the outputs, has no place in the audio.
                if !state.isDry, await !take.waitForDemand(state.speaker.synthesizer.lead) { return false }
                piece.pauseBefore = pause(before: piece, after: last, by: state.speaker)
            }
            state.last = piece
            let wasDry = state.isDry
            let hasSounded = Monitor(false)
            do throws(SynthesisError) {
                try await speak(piece, by: &state.speaker) { progress in
                    if progress.isSound { hasSounded.withLock { $0 = true } }
                    if case .wentOn = progress, !wasDry { return }
                    await report(progress)
                }
            } catch {
                guard !Task.isCancelled else { return false }
                take.end(.broken(error))
                await report(.broken(error))
                return false
            }
            guard !Task.isCancelled else { return false }
            // A piece without a sound, such as a lone mark, ends no silence: nobody asks for what follows.
            if hasSounded.withLock({ $0 }) { state.isDry = false }
            await report(.clauseDone)
        }
        return true
    }

    /// How the text is to be read: in the language of the request or else of the voice.
    private func options() async -> ScriptOptions {
        var options = ScriptOptions()
        options.pronunciations = pronunciations
        options.emotion = request.mood.flatMap { Emotion(rawValue: $0.rawValue) }
        if let language = request.language {
            options.language = language
        } else if let known = await synthesizer.voices().first(where: { voice == $0.id || voice.hasSuffix("/" + $0.id) }
        ) {
            options.language = known.language
        }
        return options
    }

    /// Who speaks at present.
    private struct Speaker {
        var voice: String
        var synthesizer: any Synthesizer
        var level: VoiceLevel
    }

    private func speaker(_ voice: String, _ synthesizer: any Synthesizer) async -> Speaker {
        Speaker(voice: voice, synthesizer: synthesizer, level: await loudness.level(of: voice, by: synthesizer))
    }

    /// The pause that the text wants, else that of the mark between the two pieces.
    private func pause(before piece: SpokenPiece, after last: SpokenPiece, by speaker: Speaker) -> Duration {
        guard piece.pauseBefore == .zero, !speaker.synthesizer.isVerbatim, last.text.isSpeakable else {
            return piece.pauseBefore
        }
        return ClauseGap.after(last.text, speed: speed(of: piece))
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
            speaker = await self.speaker(
                other.voice.id, FormatKeeper(synthesizer: other.synthesizer, take: take))
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
        let manner = ClauseWriter.Manner(
            isVerbatim: speaker.synthesizer.isVerbatim, level: speaker.level,
            volume: request.volume * piece.style.volume,
            stretch: stretch(of: piece, by: speaker.synthesizer.skills))
        let writer = Monitor(ClauseWriter(piece.text, after: piece.pauseBefore, into: take, manner))
        let first: Progress = take.format == nil ? .firstAudio : .wentOn
        // Some engines make a noise of marks without a word.
        guard piece.text.isSpeakable else { return }
        try await speaker.synthesizer.synthesize(clause(of: piece, by: speaker)) { part in
            if writer.withLock({ $0.write(part) }) { await report(first) }
        }
        guard !Task.isCancelled else { return }
        if writer.withLock({ $0.finish() }) { await report(first) }
    }

    private func speed(of piece: SpokenPiece) -> Double {
        (request.speed * piece.style.rate).clamped(to: 0.25...4)
    }

    /// What the engine cannot do itself.
    private func stretch(of piece: SpokenPiece, by skills: SpeechSkills) -> SpeechStretch {
        let speed = speed(of: piece)
        return SpeechStretch(
            speed: speed / speed.clamped(to: skills.speeds), pitch: skills.shiftsPitch ? 1 : piece.style.pitch)
    }

    private func clause(of piece: SpokenPiece, by speaker: Speaker) -> Clause {
        Clause(
            text: piece.text.string, voice: speaker.voice, language: piece.style.language ?? request.language,
            speed: speed(of: piece).clamped(to: speaker.synthesizer.skills.speeds),
            pitch: speaker.synthesizer.skills.shiftsPitch ? piece.style.pitch : 1,
            phonemes: piece.phonemes.map { Clause.Phonemes(range: $0.range, ipa: $0.ipa) })
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        min(max(self, range.lowerBound), range.upperBound)
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
