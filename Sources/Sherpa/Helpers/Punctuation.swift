internal import CSherpa

/// The files of a model that sets punctuation.
package enum PunctuationFiles: Hashable, Sendable {
    /// A CT transformer, which sets marks alone.
    case whole(model: String)
    /// A CNN and BiLSTM, which also sets capital letters.
    case streaming(model: String, pieces: String)
}

/// A loaded model that sets punctuation; one thread uses it at a time.
///
/// `@unchecked Sendable`: the handle has one owner, since the value cannot be copied, and the library ties it to no thread.
@safe package struct Punctuation: ~Copyable, @unchecked Sendable {
    private let library: SherpaLibrary
    private let handle: UnsafeRawPointer
    private let isStreaming: Bool

    /// Loads a model; one that the library does not understand may end the process instead.
    ///
    /// - Returns: Nil where the library refuses the files.
    package static func open(_ files: PunctuationFiles, library: SherpaLibrary) -> Punctuation? {
        let name = CNames()
        let handle: UnsafeRawPointer?
        let isStreaming: Bool
        switch files {
        case .whole(let model):
            var settings = unsafe hearsay_sherpa_whole_punctuation()
            unsafe settings.model = name(model)
            unsafe settings.thread_count = 1
            unsafe settings.provider = name("cpu")
            unsafe handle = library.functions.open_whole_punctuation(&settings)
            isStreaming = false
        case .streaming(let model, let pieces):
            var settings = unsafe hearsay_sherpa_streaming_punctuation()
            unsafe settings.model = name(model)
            unsafe settings.pieces = name(pieces)
            unsafe settings.thread_count = 1
            unsafe settings.provider = name("cpu")
            unsafe handle = library.functions.open_streaming_punctuation(&settings)
            isStreaming = true
        }
        guard let handle = unsafe handle else { return nil }
        return withExtendedLifetime(name) {
            unsafe Punctuation(handle: handle, library: library, isStreaming: isStreaming)
        }
    }

    private init(handle: UnsafeRawPointer, library: SherpaLibrary, isStreaming: Bool) {
        self.library = library
        self.isStreaming = isStreaming
        unsafe self.handle = unsafe handle
    }

    deinit {
        if isStreaming {
            unsafe library.functions.close_streaming_punctuation(handle)
        } else {
            unsafe library.functions.close_whole_punctuation(handle)
        }
    }

    /// The text with its marks; empty where the model makes nothing of it.
    package func punctuate(_ text: String) -> String {
        let functions = library.functions
        let found =
            isStreaming
            ? unsafe functions.punctuate_streaming(handle, text) : unsafe functions.punctuate_whole(handle, text)
        guard let found = unsafe found else { return "" }
        defer {
            if isStreaming {
                unsafe functions.release_streaming_punctuated(found)
            } else {
                unsafe functions.release_whole_punctuated(found)
            }
        }
        return unsafe String(cString: found)
    }
}
