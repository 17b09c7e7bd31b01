/// How an utterance is to be read.
package enum Reading: Hashable, Sendable {
    /// While it grows, so that its text is there as soon as it ends.
    ///
    /// - Parameter partials: Whether to tell what is understood so far.
    case live(partials: Bool)
    /// As a whole and with more effort; given up first when there is too much to do.
    case second
    /// As English, whatever language was spoken.
    case translation
    /// As one of the orders of a grammar, and nothing where it is none.
    case orders(OrderGrammar)
    /// For these phrases alone; each that is found is told as a line of `SpottedKeyword`.
    case keywords([String])
}

/// Everything that an order may sound like, in the Java Speech Grammar Format with one public rule.
package struct OrderGrammar: Hashable, Sendable {
    package var text: String

    package init(text: String) {
        self.text = text
    }
}

/// What is to be found out about the sound of utterances.
package struct OrderQuestion: Sendable {
    package var grammar: OrderGrammar
    /// Nobody takes longer to say one of the orders, with pauses before and after it.
    package var longest: Duration
    /// Whether what was heard is meant: one of the orders, well enough borne out.
    package var isMeant: @Sendable (HeardOrder) -> Bool

    package init(grammar: OrderGrammar, longest: Duration, isMeant: @escaping @Sendable (HeardOrder) -> Bool) {
        self.grammar = grammar
        self.longest = longest
        self.isMeant = isMeant
    }
}

/// What is wanted of one utterance.
package struct TranscriptionRequest: Hashable, Sendable {
    package var reading: Reading
    /// BCP 47; nil for whatever the engine knows best.
    package var language: String?
    /// From the last transcript of the same source.
    package var adaptation: Adaptation?
    /// Whether nobody waits for it, so that everything else goes first and it is given up when there is too much to do.
    package var isSpare: Bool

    package init(
        reading: Reading, language: String? = nil, adaptation: Adaptation? = nil, isSpare: Bool = false
    ) {
        self.reading = reading
        self.isSpare = isSpare || reading == .second
        self.language = language
        self.adaptation = adaptation
    }
}

/// Why there is no transcript of an utterance; its audio is still there to be asked again.
package enum TranscriptionError: Error, Hashable, Sendable {
    /// The engine is starting, or could not be started.
    case notReady(engine: String)
    /// The engine died several times over the same utterance.
    case died(engine: String)
    case timedOut(engine: String)
    /// Too much was to be done; only ever what nobody waits for.
    case shed(engine: String)
    /// The engine has no such reading, or does not know the language.
    case unsupported(engine: String)
    /// The engine answered with an error of its own.
    case failed(engine: String, message: String)
}

extension TranscriptionError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notReady: "it cannot be reached"
        case .died: "it died several times over it"
        case .timedOut: "it gave no answer in time"
        case .shed: "there was too much to do"
        case .unsupported: "it has no such reading, or does not know the language"
        case .failed(_, let message): message
        }
    }
}

/// What an engine can hear.
package struct TranscriberModel: Hashable, Sendable {
    package var name: String
    /// BCP 47.
    package var languages: [String]
    package var description: String?

    package init(name: String, languages: [String], description: String? = nil) {
        self.name = name
        self.languages = languages
        self.description = description
    }
}

/// What readings an engine has beside the live one.
package struct ReadingKinds: OptionSet, Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    package static let second = ReadingKinds(rawValue: 1)
    package static let orders = ReadingKinds(rawValue: 2)
    package static let partials = ReadingKinds(rawValue: 4)
    package static let translation = ReadingKinds(rawValue: 8)
}

/// An engine that turns speech into text.
package protocol Transcriber: Sendable {
    /// The engine's name, such as `pocketsphinx`.
    var name: String { get }

    /// What it can do beside text at an utterance's end; empty until it has answered for the first time.
    var readings: ReadingKinds { get }

    /// What it understands, BCP 47; empty where nobody knows.
    var languages: [String] { get }

    /// All models the engine has; answers at once, also while the engine starts.
    func models() async -> [TranscriberModel]

    /// Reads one utterance and returns when its text is known.
    ///
    /// Cancelling the calling task ends the engine's work; the call then returns nil.
    ///
    /// - Parameters:
    ///   - audio: May still grow; read from its beginning, more than once if a worker dies.
    ///   - emit: Called in order with what is understood so far, as often as it changes.
    func transcribe(
        _ audio: UtteranceAudio, as request: TranscriptionRequest,
        emit: @Sendable (PartialTranscript) async -> Void
    ) async throws(TranscriptionError) -> Transcript?
}

extension Transcriber {
    package var languages: [String] { [] }

    /// Whether it understands a language, as far as anybody knows; dialects are not told apart.
    ///
    /// - Parameter language: BCP 47.
    package func understands(_ language: String) -> Bool {
        languages.isEmpty || languages.contains { LanguageTag.isSameLanguage($0, language) }
    }
}

/// A transcriber with a life of its own.
package protocol TranscriberEngine: Transcriber, LivingEngine {}
