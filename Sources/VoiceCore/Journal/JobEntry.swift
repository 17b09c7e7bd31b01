package import Flow

/// An accepted job as the journal keeps it: all that is needed to put it back into the queue.
package struct JobEntry: Hashable, Sendable {
    package var id: JobID
    /// Who asked for it.
    package var token: TokenID
    /// As it was when the job was accepted.
    package var session: SessionInfo
    package var request: SpeakRequest
    package var voice: String
    package var route: RoutePlan
    package var acceptedAt: WallTime

    package init(
        id: JobID, token: TokenID, session: SessionInfo, request: SpeakRequest, voice: String, route: RoutePlan,
        acceptedAt: WallTime
    ) {
        self.id = id
        self.token = token
        self.session = session
        self.request = request
        self.voice = voice
        self.route = route
        self.acceptedAt = acceptedAt
    }

    /// Where the job stands at first.
    package var status: JobStatus {
        JobStatus(
            id: id, session: session.id, text: request.text, voice: voice, acceptedAt: acceptedAt, phase: .queued)
    }
}

/// One thing that happened to a job.
package struct JobNote: Hashable, Sendable {
    /// What happened.
    package enum Body: Hashable, Sendable {
        case accepted(JobEntry)
        /// It was refused after all: neither it nor its key is kept.
        case withdrawn
        /// Its sound is about to leave; from here on it is never put back into the queue.
        case begun
        case started(listeners: [ListenerID], delay: Duration)
        case moved(to: [ListenerID], position: Duration)
        /// More was written of a text that is spoken meanwhile: all of it so far.
        case written(String)
        /// How far it was heard, about once a second.
        case reached(Delivered)
        case ended(JobEnd)
    }

    package var job: JobID
    package var at: WallTime
    package var body: Body

    package init(_ body: Body, of job: JobID, at: WallTime = .now()) {
        self.job = job
        self.at = at
        self.body = body
    }
}

/// A job that the journal knows no end of.
package struct UnfinishedJob: Hashable, Sendable {
    /// Without its text if that was private.
    package var entry: JobEntry
    /// Whether its sound may have left.
    package var hasBegun: Bool
    /// How far it was heard, as far as that is known.
    package var delivered: Delivered

    package init(entry: JobEntry, hasBegun: Bool, delivered: Delivered) {
        self.entry = entry
        self.hasBegun = hasBegun
        self.delivered = delivered
    }

    /// Whether it can be spoken from its start, as if nothing had happened.
    package var isResumable: Bool { !hasBegun && !entry.request.isPrivate && !entry.request.text.isEmpty }
}
