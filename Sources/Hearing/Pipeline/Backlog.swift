internal import Flow
internal import VoiceCore

/// The utterances of a source that have no text yet, oldest first.
package final class Backlog: Sendable {
    /// 10 MB; a client that heeds `slow_down` gets nowhere near it, however long its utterances may wait.
    private static let audioLimit = Duration.seconds(300)

    private let contents = Monitor<[HeardUtterance]>([])

    package init() {}

    /// Takes the utterance that began last.
    ///
    /// - Returns: False, and it is not taken, where those that wait hold too much audio already.
    package func add(_ utterance: HeardUtterance) -> Bool {
        contents.update { contents in
            guard contents.reduce(.zero, { $0 + $1.audio.duration }) < Self.audioLimit else { return false }
            contents.append(utterance)
            return true
        }
    }

    /// The utterance has its text, or never will.
    package func remove(_ utterance: HeardUtterance) {
        contents.update { $0.removeAll { $0 === utterance } }
    }

    /// How long ago the oldest of those ended that have ended.
    package func lag(at time: Duration) -> Duration {
        contents.withLock { contents in
            contents.first?.knownEnding.map { max(.zero, time - $0.knownAt) } ?? .zero
        }
    }

    /// Waits until there is an utterance; false when the task was cancelled.
    func waitForUtterance() async -> Bool {
        await contents.wait { $0.isEmpty ? nil : true } ?? false
    }
}
