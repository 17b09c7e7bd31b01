private import CEspeak

/// Turns text into the sounds of a language, for models that were made with espeak-ng's.
struct EspeakPhonemizer: ~Copyable {
    private let speaker: EspeakSpeaker
    private let catalogue: EspeakCatalogue

    /// - Returns: Nil where espeak-ng does not find its data.
    init?() {
        guard let speaker = EspeakSpeaker() else { return nil }
        self.speaker = speaker
        catalogue = EspeakCatalogue(languages: EspeakLanguage.all())
    }

    /// - Parameter language: BCP 47.
    /// - Returns: IPA with the punctuation of the text, which models read as pauses; nil for an unknown language.
    func phonemes(of text: String, language: String) -> String? {
        guard let voice = catalogue.voice(named: nil, language: language),
            unsafe espeak_SetVoiceByName(voice.file) == EE_OK
        else { return nil }
        return SpokenClause.clauses(of: text).map { clause in
            let sounds = Self.withoutMarks(Self.sounds(of: clause.text))
            return sounds.isEmpty ? "" : sounds + clause.mark
        }.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// espeak-ng goes clause by clause and drops the marks between them.
    private static func sounds(of text: String) -> String {
        let bytes = Array(text.utf8) + [0]
        return unsafe bytes.withUnsafeBytes { bytes in
            var place = bytes.baseAddress
            var parts: [String] = []
            while unsafe place != nil {
                guard let part = unsafe espeak_TextToPhonemes(&place, espeakCHARS_UTF8, Int32(espeakPHONEMES_IPA))
                else {
                    break
                }
                parts.append(unsafe String(cString: part))
            }
            return parts.filter { !$0.isEmpty }.joined(separator: " ")
        }
    }

    /// Takes out `(en)` and the like, which tell that a word of another language follows.
    private static func withoutMarks(_ sounds: String) -> String {
        var result = ""
        var isWithin = false
        for character in sounds {
            if character == "(" { isWithin = true }
            if !isWithin { result.append(character) }
            if character == ")" { isWithin = false }
        }
        let words = result.split { $0 == " " || $0 == "\n" }
        return words.joined(separator: " ")
    }
}

/// A part of a text up to a mark that is heard as a pause or a tone of voice.
package struct SpokenClause: Hashable, Sendable {
    package var text: String
    /// One of `. , ; : ! ?`, or empty.
    package var mark: String

    /// Cuts a text; marks within numbers and words stay.
    package static func clauses(of text: String) -> [SpokenClause] {
        var clauses: [SpokenClause] = []
        var clause = ""
        let characters = Array(text)
        for (place, character) in characters.enumerated() {
            let isLast = place + 1 == characters.count || characters[place + 1].isWhitespace
            guard let mark = Self.marks[character], isLast || !character.isASCII else {
                clause.append(character)
                continue
            }
            clauses.append(SpokenClause(text: clause, mark: mark))
            clause = ""
        }
        clauses.append(SpokenClause(text: clause, mark: ""))
        return clauses.filter { clause in clause.text.contains { $0.isLetter || $0.isNumber || $0.isSymbol } }
    }

    private static let marks: [Character: String] = [
        ".": ".", ",": ",", ";": ";", ":": ":", "!": "!", "?": "?", "…": ".", "—": ",", "。": ".", "、": ",", "，": ",",
        "！": "!", "？": "?",
    ]
}
