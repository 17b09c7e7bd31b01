internal import Flow

/// The utterances of a source that have no text yet, oldest first.
final class Backlog: Sendable {
    private let contents = Monitor<[HeardUtterance]>([])

    func add(_ utterance: HeardUtterance) {
        contents.update { $0.append(utterance) }
    }

    /// The utterance has its text, or never will.
    func remove(_ utterance: HeardUtterance) {
        contents.update { $0.removeAll { $0 === utterance } }
    }

    /// How long ago the oldest of those ended that have ended.
    func lag(at time: Duration) -> Duration {
        contents.withLock { contents in
            contents.first?.knownEnding.map { max(.zero, time - $0.knownAt) } ?? .zero
        }
    }

    /// Waits until there is an utterance; false when the task was cancelled.
    func waitForUtterance() async -> Bool {
        await contents.wait { $0.isEmpty ? nil : true } ?? false
    }
}
