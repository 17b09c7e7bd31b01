/// Where a job may be heard; its steps are tried in order.
package enum RouteStep: Hashable, Sendable {
    /// All ready listeners of the job's session.
    case session
    /// The room the session is in, with the session's own listeners.
    case room
    /// Ready listeners on `*` whose grant covers the session.
    case any
    /// The server's own speaker.
    case local
    case listener(ListenerID)
    /// A listener, if it is one of the job's session.
    case ownListener(ListenerID)

    /// The word on the wire; a listener's id otherwise.
    package var name: String {
        switch self {
        case .session: "session"
        case .room: "room"
        case .any: "any"
        case .local: "local"
        case .listener(let id), .ownListener(let id): id.rawValue
        }
    }

    /// - Parameter name: A word, else the id of a listener.
    package init(name: String) {
        self =
            switch name {
            case "session": .session
            case "room": .room
            case "any": .any
            case "local": .local
            default: .listener(ListenerID(name))
            }
    }
}

/// How a requester wants a job delivered.
package enum DeliveryChoice: Hashable, Sendable {
    /// The session's own list of steps.
    case auto
    case steps([RouteStep])
    /// Every ready listener of every kind, claimed together.
    case all
    /// Synthesise only.
    case none
}

/// What a new job stops.
package enum Interruption: String, Hashable, Sendable {
    case none, session, output, all
}

/// A request to speak.
package struct SpeakRequest: Hashable, Sendable {
    /// PROTOCOL.md, section 5.5: how long a job waits for somebody to hear it.
    package static let defaultExpiry = Duration.seconds(30)

    package var text: String
    package var session: SessionID
    package var voice: String?
    /// BCP 47.
    package var language: String?
    /// 0.25 to 4.
    package var speed: Double = 1
    /// 0 to 2; 1 leaves the samples as the engine made them.
    package var volume: Double = 1
    /// What holds up to the first mood marker of the text; nil for the voice's own way.
    package var mood: Mood?
    /// -10 to 10.
    package var priority: Int = 0
    package var delivery = DeliveryChoice.auto
    /// The session's own listeners only.
    package var isPrivate = false
    package var interruption = Interruption.none
    package var expiresIn = SpeakRequest.defaultExpiry
    /// Whether the text is still being written.
    package var isGrowing = false
    /// What the client calls this request; nil if a repetition is a new job.
    package var key: RequestKey?

    package init(text: String, session: SessionID) {
        self.text = text
        self.session = session
    }
}
