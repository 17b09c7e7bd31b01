/// A voice that an engine offers.
package struct Voice: Hashable, Sendable {
    /// What a listener would say.
    package enum Gender: String, Hashable, Sendable {
        case female, male
    }

    /// What a request names, such as `slt`; unique over all engines.
    package var id: String
    package var engine: String
    package var name: String
    /// BCP 47, such as `en-US`.
    package var language: String
    package var gender: Gender?
    /// In hertz.
    package var sampleRate: Int
    package var isInstalled: Bool
    /// Why it cannot speak now, and what to do, where it is not installed.
    package var reason: String?
    package var licence: String?
    package var description: String?
    /// Of its speech as the engine makes it, in LUFS; nil where that is not known beforehand.
    package var loudness: Double?

    package init(
        id: String, engine: String, name: String, language: String, gender: Gender? = nil, sampleRate: Int,
        isInstalled: Bool = true, reason: String? = nil, licence: String? = nil, description: String? = nil,
        loudness: Double? = nil
    ) {
        self.id = id
        self.engine = engine
        self.name = name
        self.language = language
        self.gender = gender
        self.sampleRate = sampleRate
        self.isInstalled = isInstalled
        self.reason = reason
        self.licence = licence
        self.description = description
        self.loudness = loudness
    }

    /// Whether it is the voice to take for a language: exactly that one, or that of the country the language is named
    /// after, as `fr-FR` is for `fr`.
    package func isUsual(for other: String) -> Bool {
        let (own, wanted) = (language.lowercased(), other.lowercased())
        return own == wanted || own == "\(wanted)-\(wanted)"
    }

    /// Whether the voice is for a language, in whatever dialect: `de-CH` fits `de`, and `pt` fits `pt-BR`.
    ///
    /// - Parameter other: BCP 47.
    package func speaks(_ other: String) -> Bool { LanguageTag.isSameLanguage(language, other) }
}
