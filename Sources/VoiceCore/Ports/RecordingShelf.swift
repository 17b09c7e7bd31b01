/// The audio of drafts as it was kept.
package protocol RecordingShelf: Sendable {
    /// A recording's audio as a WAV file, to be read from its beginning; nil where it is gone.
    func open(_ recording: Recording) async -> (any RecordingStream)?
}

/// Where recordings lie, for the notebook that knows of which drafts they are.
package protocol RecordingArchive: Sendable {
    /// Removes a recording by the path of its folder, with all that was written there; one that is gone is no fault.
    func remove(_ path: String) async throws(RecordingRemovalError)

    /// Ends a recording that a dead server left in the middle of its draft.
    ///
    /// - Parameter path: Of the folder; nil where nobody noted whether there is one.
    /// - Returns: The recording, and the draft that ends no sooner than its sound; nil where nothing could be read.
    func mend(_ draft: Draft, at path: String?) async -> (draft: Draft, recording: Recording)?

    /// Removes all recordings but these, by the paths of their folders.
    func removeAll(but known: Set<String>) async
}

/// Why a recording was not removed.
package enum RecordingRemovalError: Error, Hashable, Sendable {
    /// Of the folder.
    case notRemoved(path: String)
}

/// A recording that is being read.
package protocol RecordingStream: Sendable {
    /// Of the whole file.
    var byteCount: Int { get }

    /// The next bytes; nil at the end.
    func next() async -> [UInt8]?
}

/// Servers that keep no recordings.
package struct NoRecordings: RecordingShelf, RecordingArchive {
    package init() {}
    package func open(_ recording: Recording) async -> (any RecordingStream)? { nil }
    package func remove(_ path: String) async throws(RecordingRemovalError) {}
    package func mend(_ draft: Draft, at path: String?) async -> (draft: Draft, recording: Recording)? { nil }
    package func removeAll(but known: Set<String>) async {}
}
