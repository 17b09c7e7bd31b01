/// The audio of a draft in a folder of its own.
package struct Recording: Hashable, Sendable {
    /// What lies before the first utterance, and behind the last one; as long as Palaver has it.
    package static let silence = Duration.milliseconds(400)

    package var draft: DraftID
    /// Of the folder.
    package var path: String
    package var duration: Duration
    /// Of the file with the audio.
    package var byteCount: Int
    package var utteranceCount: Int

    package init(draft: DraftID, path: String, duration: Duration, byteCount: Int, utteranceCount: Int) {
        self.draft = draft
        self.path = path
        self.duration = duration
        self.byteCount = byteCount
        self.utteranceCount = utteranceCount
    }
}
