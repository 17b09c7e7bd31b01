internal import CSherpa

/// A loaded model that understands whole utterances; one thread uses it at a time.
///
/// `@unchecked Sendable`: the handle has one owner, since the value cannot be copied, and the library ties it to no thread.
@safe package struct WholeRecogniser: ~Copyable, @unchecked Sendable {
    private let library: SherpaLibrary
    private let handle: UnsafeRawPointer
    private let files: RecogniserFiles
    private let threadCount: Int
    /// That the model listens for now, and whether it writes English in any case.
    private var language = ""
    private var translates = false

    /// Loads a model; one that the library does not understand may end the process instead.
    ///
    /// - Returns: Nil where the library refuses the files.
    package static func open(_ files: RecogniserFiles, threadCount: Int, library: SherpaLibrary) -> WholeRecogniser? {
        let settings = WholeSettings(files, threadCount: threadCount, language: "", translates: false)
        guard let handle = unsafe library.functions.open_whole(&settings.values) else { return nil }
        return unsafe WholeRecogniser(handle: handle, library: library, files: files, threadCount: threadCount)
    }

    private init(handle: UnsafeRawPointer, library: SherpaLibrary, files: RecogniserFiles, threadCount: Int) {
        self.library = library
        self.files = files
        self.threadCount = threadCount
        unsafe self.handle = unsafe handle
    }

    deinit { unsafe library.functions.close_whole(handle) }

    /// Understands an utterance.
    ///
    /// - Parameters:
    ///   - samples: Mono, 16 kHz, -1 to 1.
    ///   - language: One that the model knows, as it calls it, since others end the process; empty for whatever it finds.
    ///   - translates: Whether to write English, whatever is spoken; only of Whisper's models of several languages.
    package mutating func read(_ samples: [Float], language: String, translates: Bool = false) -> SherpaText {
        listen(for: language, translates: translates)
        guard let utterance = unsafe library.functions.begin_whole(handle) else { return SherpaText() }
        defer { unsafe library.functions.end_whole(utterance) }
        unsafe library.functions.feed_whole(utterance, 16_000, samples, Int32(samples.count))
        unsafe library.functions.read_whole(handle, utterance)
        guard let text = unsafe library.functions.whole_text(utterance) else { return SherpaText() }
        defer { unsafe library.functions.release_whole_text(text) }
        return unsafe SherpaText(text.pointee)
    }

    /// Only this family is told a language.
    private mutating func listen(for language: String, translates: Bool) {
        guard files.family == .whisper, (language, translates) != (self.language, self.translates) else { return }
        (self.language, self.translates) = (language, translates)
        let settings = WholeSettings(
            files, threadCount: threadCount, language: language, translates: translates)
        unsafe library.functions.change_whole(handle, &settings.values)
    }
}

extension SherpaText {
    init(_ found: hearsay_sherpa_whole_text) {
        text = unsafe found.text.map { unsafe String(cString: $0) } ?? ""
        tokens = unsafe Self.texts(found.tokens, count: found.count)
        starts = unsafe Self.numbers(found.starts, count: found.count)
        durations = unsafe Self.numbers(found.durations, count: found.count)
        logProbabilities = unsafe Self.numbers(found.log_probabilities, count: found.count)
        let told = unsafe found.language.map { unsafe String(cString: $0) } ?? ""
        language = told.isEmpty ? nil : told
    }
}
