/// How long text may be behind speech, and what is done about it.
///
/// What is given up under load, in this order: second readings and partial text (`Shedding`, and by engines whose work is
/// shared by many), and at last utterances that have waited too long, each of which is told.
package struct LagRule: Hashable, Sendable {
    /// What is to be done.
    package enum Action: Hashable, Sendable {
        /// Tell how far behind the source is; zero once it has caught up.
        case tell(Duration)
        /// Ask the client to send no faster than real time.
        case slowDown
        /// Let the client send as it likes again.
        case goOn
    }

    /// How often the lag is looked at while somebody speaks or text is awaited.
    package static let interval = Duration.milliseconds(500)
    /// Text that is so late is no longer part of a conversation.
    package static let worthTelling = Duration.seconds(2)
    /// A quarter of what leads to a failure.
    package static let slow = Duration.seconds(5)
    /// ARCHITECTURE.md: how long an utterance waits for its text, unless its source has more patience.
    package static let limit = Duration.seconds(20)

    private var told = Duration.zero
    private var isSlow = false

    package init() {}

    /// Looks at the lag: how long ago the oldest utterance ended that has no text.
    package mutating func look(at lag: Duration) -> [Action] {
        var actions: [Action] = []
        let worth = lag >= Self.worthTelling ? lag : .zero
        if worth != told {
            told = worth
            actions.append(.tell(worth))
        }
        if !isSlow, lag >= Self.slow {
            isSlow = true
            actions.append(.slowDown)
        } else if isSlow, lag < Self.worthTelling {
            isSlow = false
            actions.append(.goOn)
        }
        return actions
    }
}
