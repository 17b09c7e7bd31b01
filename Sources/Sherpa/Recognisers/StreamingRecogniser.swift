internal import CSherpa

/// A loaded model that understands while somebody speaks, one utterance at a time; one thread uses it at a time.
///
/// `@unchecked Sendable`: the handles have one owner, since the value cannot be copied, and the library ties them to no
/// thread.
@safe package struct StreamingRecogniser: ~Copyable, @unchecked Sendable {
    private let library: SherpaLibrary
    private let handle: UnsafeRawPointer
    /// The utterance under way.
    private var stream: UnsafeRawPointer?

    /// 0.5 s: models look ahead by less, and give their last words only then.
    private static let tail = [Float](repeating: 0, count: 8_000)

    /// Loads a model; one that the library does not understand may end the process instead.
    ///
    /// - Returns: Nil where the library refuses the files.
    package static func open(
        _ files: RecogniserFiles, threadCount: Int, library: SherpaLibrary
    ) -> StreamingRecogniser? {
        let settings = StreamingSettings(files, threadCount: threadCount)
        guard let handle = unsafe library.functions.open_streaming(&settings.values) else { return nil }
        return unsafe StreamingRecogniser(handle: handle, library: library)
    }

    private init(handle: UnsafeRawPointer, library: SherpaLibrary) {
        self.library = library
        unsafe self.handle = unsafe handle
    }

    deinit {
        if let stream = unsafe stream { unsafe library.functions.end_stream(stream) }
        unsafe library.functions.close_streaming(handle)
    }

    /// Begins an utterance; what was under way is forgotten.
    package mutating func begin() {
        cancel()
        unsafe stream = library.functions.begin_streaming(handle)
    }

    /// Takes what was said next: mono samples at 16 kHz, -1 to 1.
    package mutating func hear(_ samples: [Float]) {
        guard let stream = unsafe stream else { return }
        unsafe library.functions.feed_stream(stream, 16_000, samples, Int32(samples.count))
        unsafe read(stream)
    }

    /// What is understood so far.
    package func text() -> SherpaText {
        guard let stream = unsafe stream, let text = unsafe library.functions.streaming_text(handle, stream) else {
            return SherpaText()
        }
        defer { unsafe library.functions.release_streaming_text(text) }
        return unsafe SherpaText(text.pointee)
    }

    /// Ends the utterance.
    package mutating func finish() -> SherpaText {
        hear(Self.tail)
        if let stream = unsafe stream {
            unsafe library.functions.finish_stream(stream)
            unsafe read(stream)
        }
        defer { cancel() }
        return text()
    }

    /// Forgets the utterance.
    package mutating func cancel() {
        if let stream = unsafe stream { unsafe library.functions.end_stream(stream) }
        unsafe stream = nil
    }

    private func read(_ stream: UnsafeRawPointer) {
        while unsafe library.functions.can_stream(handle, stream) != 0 {
            unsafe library.functions.step_stream(handle, stream)
        }
    }
}

extension SherpaText {
    init(_ found: hearsay_sherpa_streaming_text) {
        text = unsafe found.text.map { unsafe String(cString: $0) } ?? ""
        tokens = unsafe Self.texts(found.tokens, count: found.count)
        starts = unsafe Self.numbers(found.starts, count: found.count)
    }

    /// Copies texts of the library's.
    static func texts(_ place: UnsafePointer<UnsafePointer<CChar>?>?, count: Int32) -> [String] {
        guard let place = unsafe place, count > 0 else { return [] }
        return unsafe UnsafeBufferPointer(start: place, count: Int(count)).map {
            unsafe $0.map { unsafe String(cString: $0) } ?? ""
        }
    }

    /// Copies numbers of the library's.
    static func numbers(_ place: UnsafePointer<Float>?, count: Int32) -> [Float] {
        guard let place = unsafe place, count > 0 else { return [] }
        return unsafe [Float](UnsafeBufferPointer(start: place, count: Int(count)))
    }
}
