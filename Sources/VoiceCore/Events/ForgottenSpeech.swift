private import Flow

/// What was taken back lately, so that nothing that comes late tells of it once more.
///
/// Who understands something better later asks here, and gives up what he does for it.
package final class ForgottenSpeech: Sendable {
    /// What was forgotten of a session until some moment.
    package struct Mark: Hashable, Sendable {
        fileprivate let session: SessionID
        fileprivate let number: Int
    }

    fileprivate struct Contents: Sendable {
        var drafts: [DraftID] = []
        var utterances: Set<UtteranceID> = []
        /// The same, the oldest first.
        var order: [UtteranceID] = []
        /// Which of all times it was that everything of a session was taken back; one that is not here was never.
        var sessions: [SessionID: Int] = [:]
        var lastNumber = 0
    }

    /// Second readings come within minutes: more than 20 sources say in an hour.
    private static let utteranceLimit = 10_000
    private static let draftLimit = 1_000

    private let contents = Monitor(Contents())

    package init() {}

    /// A draft was taken back, with what was said in it.
    package func forget(_ draft: DraftID, _ utterances: [UtteranceID]) {
        contents.update { contents in
            contents.drafts = contents.drafts.suffix(Self.draftLimit - 1) + [draft]
            contents.order += utterances.filter { contents.utterances.insert($0).inserted }
            let excess = max(0, contents.order.count - Self.utteranceLimit)
            for utterance in contents.order.prefix(excess) { contents.utterances.remove(utterance) }
            contents.order.removeFirst(excess)
        }
    }

    /// Everything that was said in a session was taken back.
    package func forgetAll(of session: SessionID) {
        contents.update { contents in
            contents.lastNumber += 1
            contents.sessions[session] = contents.lastNumber
            guard contents.sessions.count > SessionRegistry.limit else { return }
            // What was said in this one before counts as forgotten, too; only second readings are lost by that.
            if let oldest = contents.sessions.min(by: { $0.value < $1.value })?.key { contents.sessions[oldest] = nil }
        }
    }

    /// What is said in a session from now on is not forgotten.
    package func mark(of session: SessionID) -> Mark { contents.withLock { $0.mark(of: session) } }

    /// Whether an utterance was taken back that was told after `mark` was made.
    package func holds(_ utterance: UtteranceID, since mark: Mark) -> Bool {
        contents.withLock { $0.holds(utterance, since: mark) }
    }

    /// Whether a draft was taken back that ended after `mark` was made.
    package func holds(_ draft: DraftID, since mark: Mark) -> Bool {
        contents.withLock { $0.drafts.contains(draft) || $0.mark(of: mark.session) != mark }
    }

    /// Returns once the utterance is taken back, or when the task was cancelled.
    package func wait(for utterance: UtteranceID, since mark: Mark) async {
        _ = await contents.wait { $0.holds(utterance, since: mark) ? true : nil }
    }
}

extension ForgottenSpeech.Contents {
    fileprivate func mark(of session: SessionID) -> ForgottenSpeech.Mark {
        ForgottenSpeech.Mark(session: session, number: sessions[session] ?? 0)
    }

    fileprivate func holds(_ utterance: UtteranceID, since mark: ForgottenSpeech.Mark) -> Bool {
        utterances.contains(utterance) || self.mark(of: mark.session) != mark
    }
}
