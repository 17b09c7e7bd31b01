/// Knows when the line to a server is dead although nobody closed it: audio was sent, and nothing answers it.
///
/// Rules without a clock: each time is one of the same timeline. A source that sends nothing is owed nothing.
struct LineWatch: Hashable, Sendable {
    /// How long an answer may be overdue: 12 times as long as acknowledgements are apart, so that a server or a line that
    /// stands still for 5 s keeps its connection, and most of the 30 s that are kept are left for making a new one.
    static let patience = Duration.seconds(6)
    /// PROTOCOL.md, section 4: a frame is acknowledged where the last acknowledgement is so long ago.
    static let ackInterval = Duration.milliseconds(500)

    /// Since when the server's next word is waited for; nil while its last one is handled, however long that takes.
    private var waitsSince: Duration?
    /// When the first frame was sent that has to be answered.
    private var owedSince: Duration?

    /// When the line is dead; nil while nothing is owed.
    var deadline: Duration? { owedSince.map { $0 + Self.patience } }

    /// Whoever reads is ready for the server's next word.
    mutating func wait(at now: Duration) { waitsSince = now }

    /// Something came from the server, whatever it is.
    mutating func receive() { (waitsSince, owedSince) = (nil, nil) }

    /// A frame was sent.
    ///
    /// - Returns: Whether it is the first one that has to be answered.
    mutating func send(at now: Duration) -> Bool {
        guard owedSince == nil, let waitsSince, now - waitsSince >= Self.ackInterval else { return false }
        owedSince = now
        return true
    }

    /// Whether nothing is to be expected of the line any more.
    func isDead(at now: Duration) -> Bool { deadline.map { now >= $0 } ?? false }
}
