package import VoiceCore
import Wire
package import JSON

/// How a job ended, as its requester knows it.
package enum SpeakOutcome: Hashable, Sendable {
    case finished(heard: String, duration: Duration)
    case aborted(reason: String, delivered: String, unspoken: String, position: Duration)
    case failed(code: String, message: String, delivered: String, unspoken: String, position: Duration)
    /// The server is gone; up to here somebody is known to have heard it.
    case lost(position: Duration)

    /// Reads `job.finished`, `job.aborted`, `job.failed`, or a job of `GET /v1/jobs`; nil if it has not ended.
    package init?(_ message: JSONValue) {
        let name = message["type"]?.text?.split(separator: ".").last.map(String.init) ?? message["status"]?.text
        let delivered = message["delivered_text"]?.text ?? ""
        let unspoken = message["unspoken_text"]?.text ?? ""
        let position = message.duration("position_ms") ?? .zero
        switch name {
        case "finished":
            self = .finished(
                heard: message["heard"]?.text ?? "none", duration: message.duration("duration_ms") ?? .zero)
        case "aborted":
            self = .aborted(
                reason: message["reason"]?.text ?? "requested", delivered: delivered, unspoken: unspoken,
                position: position)
        case "failed":
            let code = message["code"]?.text ?? "internal_error"
            self = .failed(
                code: code, message: message["message"]?.text ?? code, delivered: delivered, unspoken: unspoken,
                position: position)
        default: return nil
        }
    }
}

/// What a requester learns while a job lives.
package enum SpeakUpdate: Hashable, Sendable {
    case accepted(JobID, position: Int?, estimatedWait: Duration?)
    case held(reason: String)
    /// The delay counts from acceptance to the first confirmation.
    case started(places: [Place], delay: Duration)
    case moved(places: [Place], position: Duration)
    case progress(SpeakProgress)
    /// Word times known so far, of the whole job.
    case words([WordTime])
    /// Another voice speaks than the one that was chosen.
    case fellBack(voice: String, reason: String)
    case reconnecting
}

/// How far a job was heard.
package struct SpeakProgress: Hashable, Sendable {
    package var position: Duration
    package var percent: Int
    /// Unicode scalars of the text; the word that sounds.
    package var word: Range<Int>?
    /// How loud it is just now, in dB of full scale; nil where the server does not say.
    package var level: Double?

    init(_ message: JSONValue) {
        position = message.duration("position_ms") ?? .zero
        percent = message["percent"]?.whole ?? 0
        level = message["level_db"]?.number
        if let start = message["char_index"]?.whole, let end = message["char_end"]?.whole, start < end {
            word = start..<end
        }
    }
}

/// A listener, as it is told to people.
package struct Place: Hashable, Sendable {
    package var id: String
    /// `browser`, `speaker`, `play` or what the client calls itself.
    package var kind: String
    /// Its device or program, where known.
    package var name: String?

    package init(id: String, kind: String, name: String? = nil) {
        self.id = id
        self.kind = kind
        self.name = name
    }

    /// Reads an element of `GET /v1/listeners`.
    init?(_ value: JSONValue) {
        guard let id = value["listener_id"]?.text else { return nil }
        self.init(
            id: id, kind: value["kind"]?.text ?? "listener", name: value["device"]?.text ?? value["client"]?.text)
    }
}

extension JSONValue {
    /// A member in milliseconds.
    package func duration(_ name: String) -> Duration? {
        self[name]?.number.map { .microseconds(Int64($0 * 1_000)) }
    }
}
