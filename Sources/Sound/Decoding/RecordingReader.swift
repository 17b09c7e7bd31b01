/// Reads a recording piece by piece, so that its length costs no memory.
///
/// Not for two tasks at once.
package protocol RecordingReader: AnyObject {
    /// The next samples, at most some seconds of them.
    ///
    /// - Returns: One channel, into which all channels are mixed; nil at the proper end. The rate may change in between.
    func next() throws(RecordingError) -> AudioChunk?
}

/// Why a recording was not read, or not to its end.
package enum RecordingError: Error, Hashable, Sendable {
    /// It holds nothing at all.
    case empty
    /// It begins like nothing that holds sound.
    case unknownKind(isText: Bool)
    /// Its container is known; what it holds is not read here.
    case unsupported(RecordingKind)
    case damaged(RecordingKind)
    /// It ends before its own sizes say so.
    case truncated(RecordingKind)
    /// The library refused; only lack of memory does that.
    case library(RecordingKind)
}

extension RecordingKind {
    /// Opens what is read here.
    ///
    /// - Throws: `unsupported` for what another program may know.
    package func reader(of bytes: ArraySlice<UInt8>) throws(RecordingError) -> any RecordingReader {
        switch self {
        case .wav: try WAVFileReader(bytes)
        case .mp3: try MP3FileReader(bytes)
        case .flac: try FLACFileReader(bytes)
        case .oggOpus: try OggOpusFileReader(bytes)
        case .foreign: throw .unsupported(self)
        }
    }
}
