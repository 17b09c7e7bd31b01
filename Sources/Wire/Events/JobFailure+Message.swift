package import VoiceCore

extension JobFailure {
    /// What happened and what to do, lower case, no full stop.
    package var message: String {
        let advice = ErrorCode(rawValue: code)?.advice ?? "see the server's log"
        return "\(happening); \(advice)"
    }

    private var happening: String {
        switch self {
        case .noListener: "nobody was ready to hear it in time"
        case .notHeard: "it was sent, but nobody confirmed hearing it"
        case .engineFailed(let error): error.sentence
        case .serverStopping: "the server stops"
        case .serverRestarted: "the server was started again before it had ended"
        }
    }
}

extension SynthesisError {
    /// What happened, lower case, no full stop.
    package var sentence: String {
        switch self {
        case .unknownVoice(let voice): "no engine has the voice \"\(voice)\""
        case .notReady(let engine): "the engine \"\(engine)\" is not ready"
        case .died(let engine): "the engine \"\(engine)\" died twice over the same words"
        case .timedOut(let engine): "the engine \"\(engine)\" took too long"
        case .failed(let engine, let message): "the engine \"\(engine)\" failed: \(message)"
        }
    }
}
