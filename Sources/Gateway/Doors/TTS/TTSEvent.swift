import JSON
import VoiceCore
import Wire

/// One of the five events of the queue, as its clients read them.
struct TTSEvent: Sendable {
    /// What happened to a job, or that something went wrong.
    enum Kind: String, Sendable {
        case queued, started, finished, aborted, error
    }

    let kind: Kind
    var members: JSONObject

    /// What happened to a job.
    ///
    /// - Parameter name: What its client calls it.
    init(_ kind: Kind, of job: JobStatus, named name: TTSJobName, _ more: JSONObject = [:]) {
        self.kind = kind
        members = more
        members["job"] = .string(job.id.rawValue)
        members["id"] = name.id ?? .string(job.id.rawValue)
        members["job_id"] = name.namesJob ? name.id : .string(job.id.rawValue)
    }

    /// That a message was not done.
    init(_ error: ErrorReply, named name: TTSJobName = TTSJobName()) {
        kind = .error
        members = ["code": .string(error.code.rawValue), "message": .string(error.message)]
        members["id"] = name.id
        members["job_id"] = name.namesJob ? name.id : nil
    }

    /// The end of a job.
    init?(endOf job: JobStatus, named name: TTSJobName) {
        switch job.end {
        case nil: return nil
        case .finished(let heard, let duration, _):
            self.init(
                .finished, of: job, named: name,
                ["heard": .string(heard.rawValue), "duration_ms": .milliseconds(duration)])
        case .aborted(let reason, let delivered):
            self.init(
                .aborted, of: job, named: name,
                Self.members(delivered).merging(["reason": .string(reason.rawValue)]) { own, _ in own })
        case .failed(let failure, let delivered):
            self.init(
                .error, of: job, named: name,
                Self.members(delivered).merging([
                    "code": .string(failure.code), "message": .string(failure.message),
                ]) { own, _ in own })
        }
    }

    /// `type` and `event` say the same: clients look at the one or at the other.
    var json: [UInt8] {
        var all = members
        all["type"] = .string(kind.rawValue)
        all["event"] = .string(kind.rawValue)
        return JSONText.bytes(JSONValue.object(all))
    }

    private static func members(_ delivered: Delivered) -> JSONObject {
        [
            "delivered_text": .string(delivered.delivered), "unspoken_text": .string(delivered.unspoken),
            "spoken_percent": .integer(delivered.percent), "position_ms": .milliseconds(delivered.position),
        ]
    }
}

/// What a client calls a job.
struct TTSJobName: Hashable, Sendable {
    var id: JSONValue?
    /// Whether it wrote `job_id`, and looks for it there.
    var namesJob = false
}
