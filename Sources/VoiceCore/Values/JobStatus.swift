package import Flow

/// Whether a job was heard.
package enum Heard: String, Hashable, Sendable {
    /// An unmuted page or a real sound device reported it.
    case confirmed
    /// A listener without reports, whose connection answered in time.
    case assumed
    case none
}

/// How far the words of a text were heard.
package struct Delivered: Hashable, Sendable {
    /// `delivered + unspoken` is always the caller's text.
    package var delivered: String
    package var unspoken: String
    /// Where the last listener stopped, from the job's first sample.
    package var position: Duration
    /// Of the text's characters, 0 to 100.
    package var percent: Int
    /// Whether word times or the position are estimates.
    package var isEstimated: Bool

    package init(delivered: String, unspoken: String, position: Duration, percent: Int, isEstimated: Bool) {
        self.delivered = delivered
        self.unspoken = unspoken
        self.position = position
        self.percent = percent
        self.isEstimated = isEstimated
    }
}

/// Why a job failed; the codes are stable.
package enum JobFailure: Hashable, Sendable {
    /// Nobody was ready before the job expired.
    case noListener
    /// It was sent, but nobody confirmed it, or everybody left.
    case notHeard
    case engineFailed(SynthesisError)
    case serverStopping

    package var code: String {
        switch self {
        case .noListener: "no_listener"
        case .notHeard: "not_heard"
        case .engineFailed: "engine_failed"
        case .serverStopping: "server_stopping"
        }
    }
}

/// How a job ended; a job has exactly one end.
package enum JobEnd: Hashable, Sendable {
    case finished(heard: Heard, duration: Duration, listeners: [ListenerID])
    case aborted(reason: AbortReason, Delivered)
    case failed(JobFailure, Delivered)
}

/// Why a job was aborted.
package enum AbortReason: String, Hashable, Sendable {
    case requested, interrupted
}

/// Where a job stands.
package struct JobStatus: Hashable, Sendable {
    /// Where it stands.
    package enum Phase: String, Hashable, Sendable {
        case queued, held, speaking, finished, aborted, failed
    }

    package var id: JobID
    package var session: SessionID
    package var text: String
    package var voice: String
    package var acceptedAt: WallTime
    package var phase: Phase
    /// 0 while it sounds, 1 for the next one; nil once it has ended.
    package var position: Int?
    package var estimatedWait: Duration?
    package var listeners: [ListenerID]
    /// From acceptance to the first confirmation; nil before.
    package var startDelay: Duration?
    package var end: JobEnd?
    /// Nil as long as the chosen voice speaks.
    package var fallback: Fallback?

    package init(
        id: JobID, session: SessionID, text: String, voice: String, acceptedAt: WallTime, phase: Phase,
        position: Int? = nil, estimatedWait: Duration? = nil, listeners: [ListenerID] = [],
        startDelay: Duration? = nil, end: JobEnd? = nil
    ) {
        self.id = id
        self.session = session
        self.text = text
        self.voice = voice
        self.acceptedAt = acceptedAt
        self.phase = phase
        self.position = position
        self.estimatedWait = estimatedWait
        self.listeners = listeners
        self.startDelay = startDelay
        self.end = end
    }
}
