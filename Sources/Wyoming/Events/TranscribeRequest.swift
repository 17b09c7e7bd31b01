import JSON

/// Asks for the audio that follows to be turned into text.
package struct TranscribeRequest: Hashable, Sendable {
    /// How an utterance is to be read; our own addition, other engines read as they always do.
    package enum Reading: String, Hashable, Sendable {
        /// While it comes.
        case live
        /// As a whole, with more effort.
        case second
        /// As English, whatever was spoken.
        case translation
        /// By `grammar`.
        case orders
        /// For `keywords` alone.
        case keywords
    }

    /// The model's name; nil leaves the choice to the server.
    package var model: String?
    /// BCP 47.
    package var language: String?
    package var reading = Reading.live
    /// Whether to tell what is understood so far; our own addition.
    package var wantsPartials = false
    /// Whether nobody waits for it; our own addition.
    package var isSpare = false
    /// For `orders`, in the Java Speech Grammar Format; our own addition.
    package var grammar: String?
    /// For `keywords`, the phrases that are looked for; our own addition.
    package var keywords: [String] = []
    /// What the last transcript of the same source said about its sound; within the protocol's `context`.
    package var adaptation: [Double]?

    package init(model: String? = nil, language: String? = nil) {
        self.model = model
        self.language = language
    }

    /// Looks for phrases instead of text.
    package init(lookingFor keywords: [String]) {
        reading = .keywords
        self.keywords = keywords
        wantsPartials = true
    }

    init(_ data: JSONObject) throws(EventError) {
        model = data["name"]?.text
        language = data["language"]?.text
        if let name = data["reading"]?.text {
            guard let reading = Reading(rawValue: name) else { throw .invalidData }
            self.reading = reading
        }
        wantsPartials = data["partials"]?.flag ?? false
        isSpare = data["spare"]?.flag ?? false
        grammar = data["grammar"]?.text
        keywords = data["keywords"]?.elements?.compactMap(\.text) ?? []
        adaptation = [Double](context: data)
    }

    var data: JSONObject {
        JSONObject(present: [
            "name": model.map(JSONValue.string), "language": language.map(JSONValue.string),
            "reading": reading == .live ? nil : .string(reading.rawValue),
            "partials": wantsPartials ? .bool(true) : nil, "spare": isSpare ? .bool(true) : nil,
            "grammar": grammar.map(JSONValue.string),
            "keywords": keywords.isEmpty ? nil : .array(keywords.map(JSONValue.string)),
            "context": adaptation.map(\.context),
        ])
    }
}

/// Text that was understood.
package struct HeardText: Hashable, Sendable {
    package var text: String
    /// BCP 47 or the underscore form that some servers use.
    package var language: String?
    /// Our own addition under the key `words`, empty from other engines.
    package var words: [HeardWord]
    /// 0 to 1; our own addition.
    package var confidence: Double?
    /// What was learnt about the source's sound; within the protocol's `context`.
    package var adaptation: [Double]?

    package init(
        text: String, language: String? = nil, words: [HeardWord] = [], confidence: Double? = nil,
        adaptation: [Double]? = nil
    ) {
        self.text = text
        self.language = language
        self.words = words
        self.confidence = confidence
        self.adaptation = adaptation
    }

    init(_ data: JSONObject) throws(EventError) {
        guard let text = data["text"]?.text else { throw .invalidData }
        self.init(
            text: text, language: data["language"]?.text,
            words: data["words"]?.elements?.compactMap { $0.members.flatMap(HeardWord.init) } ?? [],
            confidence: data["confidence"]?.number, adaptation: [Double](context: data))
    }

    var data: JSONObject {
        JSONObject(present: [
            "text": .string(text), "language": language.map(JSONValue.string),
            "words": words.isEmpty ? nil : .array(words.map { .object($0.data) }),
            "confidence": confidence.map(JSONValue.double), "context": adaptation.map(\.context),
        ])
    }
}

/// A word that was understood and when it sounded.
package struct HeardWord: Hashable, Sendable {
    package var text: String
    /// From the first sample.
    package var startMilliseconds: Int
    package var endMilliseconds: Int
    /// 0 to 1.
    package var confidence: Double?

    package init(text: String, startMilliseconds: Int, endMilliseconds: Int, confidence: Double? = nil) {
        self.text = text
        self.startMilliseconds = startMilliseconds
        self.endMilliseconds = endMilliseconds
        self.confidence = confidence
    }

    init?(_ data: JSONObject) {
        guard let text = data["text"]?.text, let start = data["start_ms"]?.whole, let end = data["end_ms"]?.whole,
            start >= 0, end >= start
        else { return nil }
        self.init(
            text: text, startMilliseconds: start, endMilliseconds: end, confidence: data["confidence"]?.number)
    }

    var data: JSONObject {
        JSONObject(present: [
            "text": .string(text), "start_ms": .integer(startMilliseconds), "end_ms": .integer(endMilliseconds),
            "confidence": confidence.map(JSONValue.double),
        ])
    }
}

extension [Double] {
    /// Far more than any engine's means; a longer list is not ours.
    private static var limit: Int { 256 }

    fileprivate init?(context data: JSONObject) {
        guard let numbers = data["context"]?["adaptation"]?.elements, numbers.count <= Self.limit else { return nil }
        self = numbers.compactMap(\.number)
        if isEmpty { return nil }
    }

    fileprivate var context: JSONValue { .object(["adaptation": .array(map(JSONValue.double))]) }
}
