/// What keeps jobs from beginning to sound.
package enum Brake: String, Hashable, Sendable, CaseIterable {
    /// Nothing begins; what sounds is heard to its end.
    case held
    /// Nothing begins; what sounds falls silent, and goes on from the start of that word when the brake is off.
    case paused
}

/// Whose jobs a brake keeps back.
package enum BrakeSubject: Hashable, Sendable {
    case everything
    case session(SessionID)
    case output(OutputID)
}

/// How the queue stands, in short.
package struct QueueState: Hashable, Sendable {
    /// How many jobs wait.
    package var depth: Int
    package var policy: TurnPolicy
    /// On everything; nil where jobs take their turn.
    package var brake: Brake?

    package init(depth: Int, policy: TurnPolicy = .roundRobin, brake: Brake? = nil) {
        self.depth = depth
        self.policy = policy
        self.brake = brake
    }
}

/// Why a job that was accepted does not take its turn.
package enum HeldReason: String, Hashable, Sendable {
    /// Nobody who could hear it is ready.
    case noListener = "no_listener"
    /// A brake is on for it.
    case paused
}
