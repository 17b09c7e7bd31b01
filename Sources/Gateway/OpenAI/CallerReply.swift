import Net
import Sound
import Speaking
import VoiceCore
import Wire

/// Answers a caller with the sound of a text, heard nowhere else.
struct CallerReply: Sendable {
    let parts: GatewayParts
    /// Whose shape errors have.
    let dialect: Route.Dialect

    /// - Parameter voice: A name of any system.
    func reply(to request: SpeakRequest, voice: String, as body: SpeechBody) -> HTTPReply {
        .openLater { opener in try await answer(request, voice: voice, body, opener) }
    }

    /// Answers when it can.
    ///
    /// - Returns: Nil once the sound was sent.
    func answer(
        _ request: SpeakRequest, voice: String, _ body: SpeechBody, _ opener: BodyOpener
    ) async throws -> HTTPResponse? {
        let voice = await parts.voice(named: voice)
        guard let synthesizer = await parts.engines.synthesizer(for: voice) else {
            return dialect.response(to: ErrorReply(.unknownVoice, "no engine has a voice", field: "voice"))
        }
        do {
            return try await parts.speech.speak(request, voice: voice, by: synthesizer) { sound in
                let format: AudioFormat?
                do {
                    format = try await sound.format()
                } catch let error as SynthesisError {
                    return dialect.response(to: ErrorReply(.engineFailed, "\(error)"))
                }
                return try await body.send(sound, from: format, by: opener)
            }
        } catch CallerSpeechError.tooManyCallers(let limit) {
            return dialect.response(to: ErrorReply(.tooManyRequests, "\(limit) callers wait for speech already"))
        }
    }
}
