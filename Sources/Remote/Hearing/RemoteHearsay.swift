import Flow
package import VoiceCore
import Wire
import JSON

/// A recogniser that is another Hearsay: a small machine by the microphone finds the speech, a large one elsewhere reads
/// it.
///
/// Each utterance is sent there while it is spoken, as a source of its own. What a lost connection took along is sent
/// again, since an utterance's audio outlives its reader.
package final class RemoteHearsay: TranscriberEngine {
    package let name: String
    package let readings: ReadingKinds = [.partials]
    private let address: ServerAddress
    private let known: Monitor<EngineState>
    /// Whether the server is not known to be older than `stt.spare`.
    private let knowsSpare = Monitor(true)

    /// The server has others to serve, or goes away: asking again helps.
    private static let passingRefusals = ["too_many_sources", "too_many", "rate_limited", "server_stopping"]
    /// The utterance was found here, so the other end finds speech wherever it can and never ends it early.
    private static let detection = VoiceDetectionSettings(threshold: 0.05, silence: .seconds(5))
    /// Text that is told before it is final is a reading: what nobody has taken gives way to none.
    private static let partialLimit = 16

    /// - Parameter address: With a token that has the scopes `capture` and `events`.
    package init(name: String, address: ServerAddress) {
        self.name = name
        self.address = address
        known = Monitor(EngineState(engine: name, phase: .ready, isRemote: true, kind: .recogniser))
    }

    package var state: EngineState { known.withLock { $0 } }

    package func state(after state: EngineState?) async -> EngineState? {
        await known.wait { $0 == state ? nil : $0 }
    }

    /// Has nothing to do until cancelled: each utterance has its own connection.
    package func run() async throws { await Latch().wait() }

    /// What the other server reads with is its own affair.
    package func models() async -> [TranscriberModel] { [] }

    package func transcribe(
        _ audio: UtteranceAudio, as request: TranscriptionRequest,
        emit: @Sendable (PartialTranscript) async -> Void
    ) async throws(TranscriptionError) -> Transcript? {
        guard case .live(let tellsPartials) = request.reading else { throw .unsupported(engine: name) }
        let settings = RecognitionSettings(
            language: request.language, partials: tellsPartials, revise: false,
            isSpare: request.isSpare && knowsSpare.withLock { $0 } ? true : nil)
        let partials = Channel<PartialTranscript>(capacity: Self.partialLimit)
        async let outcome = ask(audio, settings, partials)
        while let partial = await partials.next() { await emit(partial) }
        switch await outcome {
        case .failure(.unsupported) where settings.isSpare == true:
            knowsSpare.update { $0 = false }
            return try await transcribe(audio, as: request, emit: emit)
        case .success(let transcript): return transcript
        case .failure(let error):
            if Task.isCancelled { return nil }
            throw error
        }
    }

    private func ask(
        _ audio: UtteranceAudio, _ settings: RecognitionSettings, _ partials: Channel<PartialTranscript>
    ) async -> Result<Transcript, TranscriptionError> {
        defer { partials.finish() }
        do {
            let transcript = try await ServerConnection.with(address, client: "hearsay serve") { connection in
                try await RemoteUtterance(audio, over: connection, partials).read(settings, Self.detection)
            }
            tell(.ready, nil)
            return .success(transcript)
        } catch let error as RemoteError {
            return .failure(judged(error, isSpare: settings.isSpare == true))
        } catch {
            // Cancelled, or it lost some of the audio, which is still here to be sent again.
            return .failure(.notReady(engine: name))
        }
    }

    /// What an error means for the utterance; tells it where it is more than a passing one.
    private func judged(_ error: RemoteError, isSpare: Bool) -> TranscriptionError {
        if case .refused(let code, let message) = error {
            if isSpare, code == "unknown_field" { return .unsupported(engine: name) }
            // That it had no time to spare says nothing against it.
            if isSpare, code == "overloaded" { return .shed(engine: name) }
            if Self.passingRefusals.contains(code) { return .notReady(engine: name) }
            tell(.failed, message)
            return .failed(engine: name, message: message)
        }
        tell(.failed, "\(error)")
        return .notReady(engine: name)
    }

    private func tell(_ phase: EngineState.Phase, _ reason: String?) {
        let state = EngineState(engine: name, phase: phase, reason: reason, isRemote: true, kind: .recogniser)
        known.update { $0 = state }
    }
}
