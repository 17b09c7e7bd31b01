internal import Sherpa
internal import Wyoming

/// A model that finds phrases while somebody speaks, behind the events of a worker.
struct SpottingEngine: HearingEngine, ~Copyable {
    private var spotter: PhraseSpotter
    private let writer: PhraseWriter
    private var phrases: [String] = []
    private var found: [HeardWord] = []
    private var sampleCount = 0

    /// More would make each step slow; nobody remembers so many.
    private static let phraseLimit = 100
    /// How long the last token of a phrase is taken to last.
    private static let lastToken: Float = 0.3
    /// A phrase that is looked for in every utterance and means nothing, since the library wants one.
    private static let ignored = "@-"

    /// Loads the model; one that the library does not understand may end the process instead.
    static func load(
        _ folder: RecogniserFolder, _ options: SherpaOptions, _ library: SherpaLibrary
    ) throws(ModelProblem) -> SpottingEngine {
        guard let tokens = folder.files.paths[.tokens].flatMap(ModelTokens.init(file:)),
            let rarest = tokens.pieces.last(where: { !$0.hasPrefix("<") && !$0.contains(" ") })
        else { throw .brokenFile("tokens.txt") }
        let pieces = ModelTokens.bytes(ofFileAt: options.model + "/bpe.model").flatMap(SentencePieces.init)
        // Ten times over: nobody says that.
        let nonsense = Array(repeating: rarest, count: 10).joined(separator: " ")
        let spotter = PhraseSpotter.open(
            folder.files, phrases: "\(nonsense) \(ignored)", threadCount: min(2, options.threadCount),
            library: library)
        guard let spotter else { throw .refused }
        return SpottingEngine(spotter, PhraseWriter(tokens, pieces))
    }

    private init(_ spotter: consuming PhraseSpotter, _ writer: PhraseWriter) {
        self.spotter = spotter
        self.writer = writer
    }

    mutating func begin(_ request: TranscribeRequest) throws(SpeechRefusal) {
        (phrases, found, sampleCount) = (request.keywords, [], 0)
        guard !phrases.isEmpty, phrases.count <= Self.phraseLimit else {
            throw SpeechRefusal("1 to \(Self.phraseLimit) phrases are looked for", code: "bad_keywords")
        }
        guard let line = writer.line(phrases), spotter.begin(line) else {
            throw SpeechRefusal("the model has no signs for one of the phrases", code: "bad_keywords")
        }
    }

    mutating func hear(_ samples: [Int16]) throws(SpeechRefusal) {
        sampleCount += samples.count
        take(spotter.hear(samples.map { Float($0) / 32_768 }))
    }

    mutating func partialText() -> HeardText? { found.isEmpty ? nil : heard }

    mutating func finish() throws(SpeechRefusal) -> HeardText {
        take(spotter.finish())
        return heard
    }

    mutating func cancel() { spotter.cancel() }

    /// A line for each: `START END PHRASE`, in milliseconds.
    private var heard: HeardText {
        let lines = found.map { "\($0.startMilliseconds) \($0.endMilliseconds) \($0.text)" }
        return HeardText(text: lines.joined(separator: "\n"), words: found)
    }

    /// The library's times begin anew whenever it has found something or heard nothing, so those that it tells say how
    /// long a phrase is, and what was heard says where it ends.
    private mutating func take(_ spotted: [SpottedPhrase]) {
        let end = sampleCount / 16
        for one in spotted {
            guard let place = Int(one.name), phrases.indices.contains(place) else { continue }
            let length = max(0, (one.times.last ?? 0) - (one.times.first ?? 0)) + Self.lastToken
            found.append(
                HeardWord(
                    text: phrases[place], startMilliseconds: max(0, end - Int(length * 1_000)), endMilliseconds: end))
        }
    }
}
