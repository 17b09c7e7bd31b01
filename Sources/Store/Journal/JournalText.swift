import VoiceCore

/// How values of ours are written into a column of text, and read again.
enum JournalText {
    static func text(_ ids: [ListenerID]) -> String { ids.map(\.rawValue).joined(separator: " ") }

    static func listeners(_ text: String) -> [ListenerID] {
        text.split(separator: " ").map { ListenerID(String($0)) }
    }

    /// Such as `first session any local`; a listener's id bears a mark, so that it is never taken for a word.
    static func text(_ route: RoutePlan) -> String {
        let word =
            switch route {
            case .firstOf: "first"
            case .allOf: "all"
            case .nowhere: "nowhere"
            }
        return ([word] + route.steps.map(text)).joined(separator: " ")
    }

    /// - Returns: Nil for what no program of this version has written.
    static func route(_ text: String) -> RoutePlan? {
        let words = text.split(separator: " ").map(String.init)
        let steps = words.dropFirst().map(step)
        switch words.first {
        case "first": return .firstOf(steps)
        case "all": return .allOf(steps)
        case "nowhere": return .nowhere
        default: return nil
        }
    }

    private static func text(_ step: RouteStep) -> String {
        switch step {
        case .listener(let id): "=" + id.rawValue
        case .ownListener(let id): "~" + id.rawValue
        default: step.name
        }
    }

    private static func step(_ word: String) -> RouteStep {
        switch word.first {
        case "=": .listener(ListenerID(String(word.dropFirst())))
        case "~": .ownListener(ListenerID(String(word.dropFirst())))
        default: RouteStep(name: word)
        }
    }

    /// The words of a failure behind its code, one a line.
    static func details(_ failure: JobFailure) -> String? {
        guard case .engineFailed(let error) = failure else { return nil }
        return switch error {
        case .unknownVoice(let voice): "unknown_voice\n" + voice
        case .notReady(let engine): "not_ready\n" + engine
        case .died(let engine): "died\n" + engine
        case .timedOut(let engine): "timed_out\n" + engine
        case .failed(let engine, let message): "failed\n" + engine + "\n" + message
        }
    }

    static func failure(_ code: String, _ details: String?) -> JobFailure {
        switch code {
        case JobFailure.noListener.code: .noListener
        case JobFailure.notHeard.code: .notHeard
        case JobFailure.serverStopping.code: .serverStopping
        case JobFailure.serverRestarted.code: .serverRestarted
        default: .engineFailed(synthesisError(details ?? ""))
        }
    }

    private static func synthesisError(_ details: String) -> SynthesisError {
        let lines = details.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        let name = lines.count > 1 ? lines[1] : ""
        switch lines.first {
        case "unknown_voice": return .unknownVoice(name)
        case "not_ready": return .notReady(engine: name)
        case "died": return .died(engine: name)
        case "timed_out": return .timedOut(engine: name)
        default: return .failed(engine: name, message: lines.count > 2 ? lines[2] : "")
        }
    }
}

extension Duration {
    /// Whole microseconds, as columns hold lengths of time.
    var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
