/// When to ping, and when a missing answer means that nobody is there.
///
/// All times are from one monotonic clock.
struct PingClock {
    enum Action: Hashable {
        case wait(until: Duration)
        case ping
        /// No answer in time.
        case giveUp
    }

    private let interval: Duration
    private let timeout: Duration
    private var nextPing: Duration
    private var answerDue: Duration?

    init(interval: Duration, timeout: Duration, now: Duration) {
        self.interval = interval
        self.timeout = timeout
        nextPing = now + interval
    }

    /// When to look again.
    var nextDue: Duration { answerDue ?? nextPing }

    /// What is due at `now`; a ping is due once.
    mutating func due(at now: Duration) -> Action {
        if let answerDue {
            return now >= answerDue ? .giveUp : .wait(until: answerDue)
        }
        guard now >= nextPing else { return .wait(until: nextPing) }
        answerDue = now + timeout
        return .ping
    }

    /// Anything came from the other end, so it is there.
    mutating func heard(at now: Duration) {
        answerDue = nil
        nextPing = now + interval
    }

    /// This end does not read at present, so an answer could not be seen.
    mutating func postpone(at now: Duration) {
        if answerDue != nil { answerDue = now + timeout }
    }
}
