internal import Sherpa
internal import Wyoming

/// A model that understands while somebody speaks, behind the events of a worker.
struct StreamingEngine: HearingEngine, ~Copyable {
    private var recogniser: StreamingRecogniser
    private let style: HearingStyle
    private var sampleCount = 0

    /// Loads the model; one that the library does not understand may end the process instead.
    static func load(
        _ folder: RecogniserFolder, _ options: SherpaOptions, _ library: SherpaLibrary
    ) throws(ModelProblem) -> StreamingEngine {
        let style = try HearingStyle(folder, options)
        let recogniser = StreamingRecogniser.open(folder.files, threadCount: threadCount(options), library: library)
        guard let recogniser else { throw .refused }
        return StreamingEngine(recogniser, style)
    }

    private init(_ recogniser: consuming StreamingRecogniser, _ style: HearingStyle) {
        self.recogniser = recogniser
        self.style = style
    }

    /// A piece of 100 ms has too little work in it for more.
    private static func threadCount(_ options: SherpaOptions) -> Int { min(2, options.threadCount) }

    mutating func begin(_ request: TranscribeRequest) throws(SpeechRefusal) {
        _ = try style.language(for: request)
        sampleCount = 0
        recogniser.begin()
    }

    mutating func hear(_ samples: [Int16]) throws(SpeechRefusal) {
        sampleCount += samples.count
        recogniser.hear(samples.map { Float($0) / 32_768 })
    }

    mutating func partialText() -> HeardText? { style.partial(recogniser.text()) }

    mutating func finish() throws(SpeechRefusal) -> HeardText {
        style.whole(recogniser.finish(), sampleCount: sampleCount)
    }

    mutating func cancel() { recogniser.cancel() }
}
