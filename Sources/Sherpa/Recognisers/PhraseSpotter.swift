internal import CSherpa

/// A phrase that was found in the sound.
package struct SpottedPhrase: Hashable, Sendable {
    /// As it was named when the utterance began.
    package var name: String
    /// When its tokens begin, in seconds from the first sample.
    package var times: [Float]
}

/// A loaded model that finds phrases while somebody speaks, one utterance at a time; one thread uses it at a time.
///
/// `@unchecked Sendable`: the handles have one owner, since the value cannot be copied, and the library ties them to no
/// thread.
@safe package struct PhraseSpotter: ~Copyable, @unchecked Sendable {
    private let library: SherpaLibrary
    private let handle: UnsafeRawPointer
    /// The utterance under way.
    private var stream: UnsafeRawPointer?

    /// What the library's makers use (keyword-spotter.h): how much a phrase is favoured, and how sure it must be.
    private static let score: Float = 1
    private static let threshold: Float = 0.25
    private static let pathLimit: Int32 = 4

    /// 0.5 s, as for recognisers.
    private static let tail = [Float](repeating: 0, count: 8_000)

    /// Loads a model; one that the library does not understand may end the process instead.
    ///
    /// - Parameter phrases: In the library's form, at least one; looked for in every utterance.
    /// - Returns: Nil where the library refuses the files or the phrases.
    package static func open(
        _ files: RecogniserFiles, phrases: String, threadCount: Int, library: SherpaLibrary
    ) -> PhraseSpotter? {
        let name = CNames()
        var settings = unsafe hearsay_sherpa_spotter_settings()
        unsafe settings.features = .usual
        unsafe settings.model = hearsay_sherpa_streaming_model(files, threadCount: threadCount, name)
        unsafe settings.path_limit = pathLimit
        unsafe settings.trailing_blanks = 1
        unsafe (settings.score, settings.threshold) = (score, threshold)
        unsafe settings.phrases_text = name(phrases)
        unsafe settings.phrases_text_size = Int32(phrases.utf8.count)
        guard let handle = unsafe library.functions.open_spotter(&settings) else { return nil }
        return withExtendedLifetime(name) { unsafe PhraseSpotter(handle: handle, library: library) }
    }

    private init(handle: UnsafeRawPointer, library: SherpaLibrary) {
        self.library = library
        unsafe self.handle = unsafe handle
    }

    deinit {
        if let stream = unsafe stream { unsafe library.functions.end_stream(stream) }
        unsafe library.functions.close_spotter(handle)
    }

    /// Begins an utterance; what was under way is forgotten.
    ///
    /// - Parameter phrases: In the library's form, divided by `/`.
    /// - Returns: False where the library cannot read them.
    package mutating func begin(_ phrases: String) -> Bool {
        cancel()
        unsafe stream = library.functions.begin_spotting(handle, phrases)
        return unsafe stream != nil
    }

    /// Takes what was said next: mono samples at 16 kHz, -1 to 1.
    ///
    /// - Returns: What was found in it.
    package mutating func hear(_ samples: [Float]) -> [SpottedPhrase] {
        guard let stream = unsafe stream else { return [] }
        unsafe library.functions.feed_stream(stream, 16_000, samples, Int32(samples.count))
        return unsafe read(stream)
    }

    /// Ends the utterance.
    package mutating func finish() -> [SpottedPhrase] {
        var found = hear(Self.tail)
        if let stream = unsafe stream {
            unsafe library.functions.finish_stream(stream)
            found += unsafe read(stream)
        }
        cancel()
        return found
    }

    /// Forgets the utterance.
    package mutating func cancel() {
        if let stream = unsafe stream { unsafe library.functions.end_stream(stream) }
        unsafe stream = nil
    }

    private func read(_ stream: UnsafeRawPointer) -> [SpottedPhrase] {
        var found: [SpottedPhrase] = []
        while unsafe library.functions.can_spot(handle, stream) != 0 {
            unsafe library.functions.step_spotting(handle, stream)
            guard let spotted = unsafe library.functions.spotted(handle, stream) else { continue }
            let name = unsafe spotted.pointee.phrase.map { unsafe String(cString: $0) } ?? ""
            let times = unsafe SherpaText.numbers(spotted.pointee.times, count: spotted.pointee.count)
            unsafe library.functions.release_spotted(spotted)
            if name.isEmpty { continue }
            found.append(SpottedPhrase(name: name, times: times))
            // It would be told again with the next step.
            unsafe library.functions.reset_spotting(handle, stream)
        }
        return found
    }
}
