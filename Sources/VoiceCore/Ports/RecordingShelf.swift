/// The audio of drafts as it was kept.
package protocol RecordingShelf: Sendable {
    /// A recording's audio as a WAV file, to be read from its beginning; nil where it is gone.
    func open(_ recording: Recording) async -> (any RecordingStream)?

    /// Removes a recording by its path, with all that lies in its folder.
    func remove(_ path: String) async
}

/// A recording that is being read.
package protocol RecordingStream: Sendable {
    /// Of the whole file.
    var byteCount: Int { get }

    /// The next bytes; nil at the end.
    func next() async -> [UInt8]?
}

/// A shelf of servers that keep no recordings.
package struct NoRecordings: RecordingShelf {
    package init() {}
    package func open(_ recording: Recording) async -> (any RecordingStream)? { nil }
    package func remove(_ path: String) async {}
}
