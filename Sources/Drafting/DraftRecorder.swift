package import VoiceCore

/// Keeps the audio of drafts.
package protocol DraftRecorder: Sendable {
    /// A draft began whose audio is wanted.
    ///
    /// - Returns: The folder in which it will lie; nil where there is none.
    func begin(_ draft: Draft) async -> String?

    /// An utterance belongs to the draft, with all its sound; nobody waits for the end of one that still grows.
    ///
    /// It may belong to the next draft as well, and one without text may come before others that were said earlier.
    func add(_ utterance: UtteranceID, to draft: Draft) async

    /// An utterance that belongs to no draft, or to no further one.
    func passOver(_ utterance: UtteranceID) async

    /// The draft has ended.
    ///
    /// - Returns: Where its audio lies; nil where there is none.
    func end(_ draft: Draft) async -> Recording?

    /// A draft that had ended was understood better.
    func revise(_ draft: Draft) async
}

/// Keeps no audio.
package struct NoRecorder: DraftRecorder {
    package init() {}
    package func begin(_ draft: Draft) async -> String? { nil }
    package func add(_ utterance: UtteranceID, to draft: Draft) async {}
    package func passOver(_ utterance: UtteranceID) async {}
    package func end(_ draft: Draft) async -> Recording? { nil }
    package func revise(_ draft: Draft) async {}
}
