internal import Sherpa
internal import Wyoming

/// A model that understands whole utterances, behind the events of a worker.
struct WholeEngine: HearingEngine, ~Copyable {
    private var recogniser: WholeRecogniser
    private let style: HearingStyle
    private var language = ""
    private var translates = false
    private var samples: [Float] = []

    /// 60 s; the server cuts utterances far shorter.
    private static let sampleLimit = 60 * 16_000

    /// Loads the model; one that the library does not understand may end the process instead.
    static func load(
        _ folder: RecogniserFolder, _ options: SherpaOptions, _ library: SherpaLibrary
    ) throws(ModelProblem) -> WholeEngine {
        let style = try HearingStyle(folder, options)
        let recogniser = WholeRecogniser.open(folder.files, threadCount: options.threadCount, library: library)
        guard let recogniser else { throw .refused }
        return WholeEngine(recogniser, style)
    }

    private init(_ recogniser: consuming WholeRecogniser, _ style: HearingStyle) {
        self.recogniser = recogniser
        self.style = style
    }

    mutating func begin(_ request: TranscribeRequest) throws(SpeechRefusal) {
        language = try style.language(for: request)
        translates = request.reading == .translation
        samples = []
    }

    mutating func hear(_ samples: [Int16]) throws(SpeechRefusal) {
        guard self.samples.count + samples.count <= Self.sampleLimit else {
            throw SpeechRefusal("an utterance lasts at most 60 s", code: "utterance_too_long")
        }
        self.samples += samples.map { Float($0) / 32_768 }
    }

    /// Nothing is understood before the end.
    mutating func partialText() -> HeardText? { nil }

    mutating func finish() throws(SpeechRefusal) -> HeardText {
        defer { cancel() }
        guard samples.count >= Self.shortest else { return HeardText(text: "") }
        let said = recogniser.read(samples, language: language, translates: translates)
        return translates ? style.translation(said) : style.whole(said, sampleCount: samples.count)
    }

    mutating func cancel() { samples = [] }

    /// 100 ms: with less some families have nothing to compute with, and end the process.
    private static let shortest = 1_600
}
