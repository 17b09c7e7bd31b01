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
    /// Everything that was written was heard, and more is to come.
    case waitingForText = "waiting_for_text"
    /// A brake is on for it.
    case paused
}

/// What is to change in the queue.
package struct QueueChange: Hashable, Sendable {
    /// Nil for as it is.
    package var policy: TurnPolicy?
    /// Nil for none.
    package var brake: BrakeChange?

    package init(policy: TurnPolicy? = nil, brake: BrakeChange? = nil) {
        self.policy = policy
        self.brake = brake
    }
}

/// A brake that goes on or off, or that is on.
package struct BrakeChange: Hashable, Sendable {
    package var subject: BrakeSubject
    /// Nil for off.
    package var brake: Brake?
    /// How long it stays on; nil until somebody takes it off.
    package var duration: Duration?

    package init(subject: BrakeSubject, brake: Brake?, duration: Duration? = nil) {
        self.subject = subject
        self.brake = brake
        self.duration = duration
    }
}

/// The queue as a whole, as somebody may see it.
package struct QueueStatus: Hashable, Sendable {
    /// A place where jobs sound.
    package struct Output: Hashable, Sendable {
        package let output: OutputID
        package let sounding: JobID?
        /// How many jobs wait for it.
        package let depth: Int

        package init(output: OutputID, sounding: JobID?, depth: Int) {
            self.output = output
            self.sounding = sounding
            self.depth = depth
        }
    }

    package var state: QueueState
    /// When the brake on everything goes off by itself; nil for never.
    package var endsIn: Duration?
    /// Those of single sessions and outputs.
    package var brakes: [BrakeChange] = []
    package var outputs: [Output] = []

    package init(state: QueueState, endsIn: Duration? = nil) {
        self.state = state
        self.endsIn = endsIn
    }
}

extension BrakeSubject {
    /// What it is called where names stand in one list.
    package var name: String {
        switch self {
        case .everything: "*"
        case .session(let session): session.rawValue
        case .output(let output): output.rawValue
        }
    }
}
