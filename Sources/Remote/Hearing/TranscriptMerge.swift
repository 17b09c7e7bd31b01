/// Makes one transcript of what several servers understood of the same audio: each utterance counts once, by whoever had
/// it first.
package struct TranscriptMerge: Hashable, Sendable {
    /// Utterances that came earlier than the newest by so much are not awaited any more.
    private static let memory = Duration.seconds(120)

    private struct Utterance: Hashable, Sendable {
        let server: String
        let start: Duration
        let end: Duration
    }

    private var taken: [Utterance] = []

    package init() {}

    /// Takes an utterance.
    ///
    /// - Returns: Whether it is new: less than half of it is known from other servers.
    package mutating func take(from server: String, start: Duration, end: Duration) -> Bool {
        let known = taken.filter { $0.server != server }.reduce(Duration.zero) { sum, utterance in
            sum + max(.zero, min(end, utterance.end) - max(start, utterance.start))
        }
        guard known * 2 < end - start else { return false }
        taken.append(Utterance(server: server, start: start, end: end))
        let oldest = (taken.map(\.end).max() ?? .zero) - Self.memory
        taken.removeAll { $0.end < oldest }
        return true
    }
}
