package import VoiceCore

/// A job as the queue's rules see it.
package struct WaitingJob: Hashable, Sendable {
    package let id: JobID
    package let session: SessionID
    package let priority: Int
    /// Who speaks.
    package let voice: String
    /// Where it may be heard, in order.
    package let route: RoutePlan
    /// How long it may be without a ready listener.
    package let expiresIn: Duration

    /// Before whom it goes, whatever the policy.
    package internal(set) var precedence = Precedence.none
    /// Counts accepted jobs; the order of acceptance.
    var number: UInt64 = 0
    var acceptedAt: Duration = .zero
    var hasAudio = false
    var isPrepared = false
    /// Whether all that was written of it is made, and more is to come.
    var isOutOfText = false
    /// Whether everything that was written of it was heard, and more is to come.
    var isDry = false
    /// How much audio exists, and whether that is all.
    var audio = AudioExtent()
    /// When its outputs were free for the first time while its audio was missing.
    var turnCameAt: Duration?
    /// Since when it has no route.
    var heldSince: Duration?
    /// Why it does not take its turn, as far as that was told.
    var held: HeldReason?
    var past = Past()

    /// Before whom a job goes.
    package enum Precedence: Hashable, Sendable {
        case none
        /// Before the other jobs of its session, in their places.
        case session
        /// Before everybody: it took the turn of a job that it cut.
        case all
    }

    /// What became of earlier tries.
    struct Past: Hashable, Sendable {
        /// Where the next listener continues.
        var position = Duration.zero
        /// Whether anybody confirmed it.
        var wasHeard = false
        /// Who played it last.
        var listeners: [ListenerID] = []
        /// Listeners that did not confirm it; they are not asked again.
        var failed: Set<ListenerID> = []
        var failedSteps: Set<RouteStep> = []
        /// Whether it was on its way already; then it goes before all others.
        var wasBegun = false
    }

    package init(
        id: JobID, session: SessionID, priority: Int = 0, voice: String = "", route: RoutePlan,
        expiresIn: Duration = SpeakRequest.defaultExpiry
    ) {
        self.id = id
        self.session = session
        self.priority = priority
        self.voice = voice
        self.route = route
        self.expiresIn = expiresIn
    }
}

/// How much of a job's audio exists.
package struct AudioExtent: Hashable, Sendable {
    package var end = Duration.zero
    package var isComplete = false

    package init(end: Duration = .zero, isComplete: Bool = false) {
        self.end = end
        self.isComplete = isComplete
    }
}
