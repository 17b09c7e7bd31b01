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
        /// When it was given to somebody who did not confirm it, for the first time: from then on it may be without a
        /// listener as long as any job, all its tries together.
        var unheardSince: Duration?
        /// How often each listener was given it and did not confirm it.
        private var failures: [ListenerID: Int] = [:]
        var failedSteps: Set<RouteStep> = []
        /// Whether it was on its way already; then it goes before all others.
        var wasBegun = false

        /// How often a listener that says again that it is ready gets a job that it did not confirm: a page may stall
        /// twice, and one that never confirms does not say the first words for ever.
        static let tries = 3

        /// Listeners that had all their tries; they are not asked again.
        var givenUp: Set<ListenerID> { Set(failures.filter { $0.value >= Self.tries }.keys) }

        /// Counts a try at a listener that did not confirm it.
        mutating func noteFailure(of listener: ListenerID) { failures[listener, default: 0] += 1 }

        /// Whether a listener did not confirm it, and is asked again when it is ready.
        func isAwaited(_ listener: ListenerID) -> Bool {
            failures[listener].map { $0 < Self.tries } ?? false
        }
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
