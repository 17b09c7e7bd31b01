internal import Sherpa
internal import Wyoming

/// How what a model understood is told: in which letters, in which language, with which times.
struct HearingStyle: Sendable {
    private let isUppercase: Bool
    /// BCP 47, those that the model or its user says it understands; empty where nobody says.
    let languages: [String]
    private let timeScale: Float
    /// Whether it has to be told the language, as it calls it.
    private let isTold: Bool
    private let translates: Bool

    init(_ folder: RecogniserFolder, _ options: SherpaOptions) throws(ModelProblem) {
        guard let tokens = folder.files.paths[.tokens].flatMap(ModelTokens.init(file:)) else {
            throw .brokenFile("tokens.txt")
        }
        isUppercase = tokens.isUppercase
        languages = folder.languages.isEmpty ? options.languages : folder.languages
        timeScale = folder.timeScale
        isTold = folder.files.family == .whisper && folder.languages.count > 1
        translates = folder.translates
    }

    /// What the model is told for a request: the language as it calls it, or nothing.
    ///
    /// - Throws: For a language that it does not understand, and for English where it cannot translate.
    func language(for request: TranscribeRequest) throws(SpeechRefusal) -> String {
        guard translates || request.reading != .translation else {
            throw SpeechRefusal("this model does not translate", code: "unsupported_reading")
        }
        guard let wanted = request.language, !languages.isEmpty else { return "" }
        guard let known = languages.first(where: { Self.primary($0) == Self.primary(wanted) }) else {
            let shown = languages.prefix(10).joined(separator: ", ")
            throw SpeechRefusal("only \(shown) is understood", code: "unknown_language")
        }
        return isTold ? known : ""
    }

    /// What is told of an utterance so far.
    func partial(_ said: SherpaText) -> HeardText? {
        let text = text(said)
        return text.isEmpty ? nil : HeardText(text: text)
    }

    /// What is told of an utterance at its end.
    ///
    /// - Parameter sampleCount: At 16 kHz.
    func whole(_ said: SherpaText, sampleCount: Int) -> HeardText {
        var said = said
        said.starts = said.starts.map { $0 * timeScale }
        let text = text(said)
        let words = TokenWords(said, text: text, length: Float(sampleCount) / 16_000).words
        return HeardText(
            text: text, language: language(said), words: words,
            confidence: Confidence.mean(ofLogarithms: said.logProbabilities))
    }

    /// What is told of an utterance that was translated: its words sounded at no time.
    func translation(_ said: SherpaText) -> HeardText {
        HeardText(
            text: text(said), language: "en", confidence: Confidence.mean(ofLogarithms: said.logProbabilities))
    }

    private func text(_ said: SherpaText) -> String {
        let words = said.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return isUppercase ? words.lowercased() : words
    }

    /// SenseVoice says `<|en|>`.
    private func language(_ said: SherpaText) -> String? {
        if let told = said.language?.filter({ $0.isLetter || $0 == "-" }), !told.isEmpty { return told }
        return languages.count == 1 ? languages[0] : nil
    }

    private static func primary(_ tag: String) -> Substring { tag.lowercased().prefix { $0 != "-" && $0 != "_" } }
}
