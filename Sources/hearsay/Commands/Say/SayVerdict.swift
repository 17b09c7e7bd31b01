import Remote
import VoiceCore
import Wire
import JSON

/// What the end of a job means for the caller of `say`: an exit code, and words where something went wrong.
struct SayVerdict: Hashable, Sendable {
    let exitCode: ExitCode
    let failure: Failure?

    init(_ outcome: SpeakOutcome, link: String?) {
        failure = Self.failure(outcome, link: link)
        exitCode = failure?.exitCode ?? .success
    }

    private static func failure(_ outcome: SpeakOutcome, link: String?) -> Failure? {
        switch outcome {
        case .finished: return nil
        case .aborted(_, let delivered, _, let position):
            let message = delivered.isEmpty ? "aborted before it was heard" : "aborted after \(position.shown)"
            return Failure(exitCode: .aborted, code: "aborted", message: message)
        case .failed(let code, let message, let delivered, let unspoken, let position):
            if code == "engine_failed" {
                return Failure(
                    exitCode: .engineFailed, code: code, message: message,
                    advice: ["`hearsay doctor` says what the engine needs."])
            }
            return delivered.isEmpty
                ? unheard(code, message, link) : partlyHeard(code, unspoken, position)
        case .lost(let position):
            let heard =
                position == .zero ? "nothing is known to have been heard" : "heard for at least \(position.shown)"
            return Failure(
                exitCode: .unknown, code: "connection_lost",
                message: "the connection to the server was lost while it spoke: \(heard)",
                advice: ["Nothing is spoken by itself after a restart; say it again if it matters."])
        }
    }

    private static func unheard(_ code: String, _ message: String, _ link: String?) -> Failure {
        let page = link.map { "Open the player page and enable sound there: \($0)" }
        return Failure(
            exitCode: .nobodyHeard, code: code,
            message: code == "no_listener" ? "nobody could hear it: no player page and no speaker is ready" : message,
            advice: [
                page ?? "Open the player page and enable sound there; `hearsay doctor` prints its link.",
                "Or plug in a speaker, or run `hearsay play` where one is; `hearsay doctor` says what is there.",
            ])
    }

    private static func partlyHeard(_ code: String, _ unspoken: String, _ position: Duration) -> Failure {
        let rest = unspoken.drop { $0.isWhitespace }
        let shown = rest.count > 200 ? rest.prefix(200) + "…" : rest
        return Failure(
            exitCode: .partlyHeard, code: code,
            message: "heard for \(position.shown), then nobody was there any more",
            advice: rest.isEmpty ? ["Nobody confirmed the end of the last word."] : ["Not heard: “\(shown)”"])
    }
}

extension SpeakOutcome {
    /// The members of the last line with `--json`.
    var fields: [String: JSONValue] {
        switch self {
        case .finished(let heard, let duration):
            ["type": "finished", "heard": .string(heard), "duration_ms": .milliseconds(duration)]
        case .aborted(let reason, let delivered, let unspoken, let position):
            [
                "type": "aborted", "reason": .string(reason), "delivered_text": .string(delivered),
                "unspoken_text": .string(unspoken), "position_ms": .milliseconds(position),
            ]
        case .failed(let code, _, let delivered, let unspoken, let position):
            [
                "type": "failed", "code": .string(code), "delivered_text": .string(delivered),
                "unspoken_text": .string(unspoken), "position_ms": .milliseconds(position),
            ]
        case .lost(let position): ["type": "lost", "position_ms": .milliseconds(position)]
        }
    }
}

extension SpeakUpdate {
    /// The line with `--json`; nil for what is not told there.
    var json: JSONValue? {
        switch self {
        case .accepted(let job, let position, _):
            var fields: [String: JSONValue] = ["type": "accepted", "job_id": .string(job.rawValue)]
            fields["position"] = position.map(JSONValue.integer)
            return .object(fields)
        case .held(let reason): return .object(["type": "held", "reason": .string(reason)])
        case .started(let places, let delay):
            return .object([
                "type": "started", "start_delay_ms": .milliseconds(delay), "places": .array(places.map(\.json)),
            ])
        case .moved(let places, let position):
            return .object([
                "type": "moved", "position_ms": .milliseconds(position), "places": .array(places.map(\.json)),
            ])
        case .progress(let progress):
            return .object([
                "type": "progress", "position_ms": .milliseconds(progress.position),
                "percent": .integer(progress.percent),
            ])
        case .reconnecting: return .object(["type": "reconnecting"])
        case .words, .fellBack: return nil
        }
    }
}
