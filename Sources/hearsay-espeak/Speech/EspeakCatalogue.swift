internal import Wyoming

/// A voice as espeak-ng is told to use it.
package struct EspeakVoice: Hashable, Sendable {
    /// Such as `de` or `en-us+f2`, also what espeak-ng itself calls it.
    package var name: String
    /// BCP 47, lower case.
    package var language: String
    /// What a person reads, such as `German`.
    package var title: String
    package var isFemale = false
    /// espeak-ng's own scale, 0 to 99; 50 is the voice's own.
    package var pitch = 50
}

/// The voices that are offered: one for each language, and more for English.
package struct EspeakCatalogue: Sendable {
    package let voices: [EspeakVoice]

    /// English voices that can be told apart by ear: espeak-ng's variants, each at a pitch of its own.
    private static let variants: [(suffix: String, title: String, isFemale: Bool, pitch: Int)] = [
        ("m1", "man", false, 50), ("m3", "man, deep", false, 22), ("m7", "man, bright", false, 76),
        ("f2", "woman", true, 50), ("f3", "woman, low", true, 26), ("f4", "woman, high", true, 82),
        ("croak", "old man, hoarse", false, 40), ("whisper", "whispering", false, 50),
    ]

    package init(languages: [EspeakLanguage]) {
        var voices: [EspeakVoice] = []
        for language in languages {
            voices.append(EspeakVoice(name: language.tag, language: language.tag, title: language.title))
            guard language.tag == "en-us" || language.tag == "en-gb" else { continue }
            for variant in Self.variants
            where language.tag == "en-us" || variant.suffix == "f2" || variant.suffix == "m3" {
                voices.append(
                    EspeakVoice(
                        name: "\(language.tag)+\(variant.suffix)", language: language.tag,
                        title: "\(language.title), \(variant.title)", isFemale: variant.isFemale, pitch: variant.pitch))
            }
        }
        self.voices = voices
    }

    /// The voice of that name, else the best one for the language, else American English where neither is named.
    ///
    /// - Parameter language: BCP 47; `de-CH` finds `de`, `pt` finds `pt-br` or `pt`.
    package func voice(named name: String?, language: String?) -> EspeakVoice? {
        if let name { return voices.first { $0.name == name.lowercased() } }
        guard let language = language?.lowercased() else { return voices.first { $0.name == "en-us" } ?? voices.first }
        var wanted = language[...]
        while true {
            if let voice = voices.first(where: { $0.language == wanted }) { return voice }
            if let voice = voices.first(where: { $0.language.hasPrefix(wanted + "-") }) { return voice }
            guard let dash = wanted.lastIndex(of: "-") else { return nil }
            wanted = wanted[..<dash]
        }
    }

    func info(sampleRate: Int) -> Info {
        let makers = Attribution(name: "espeak-ng", url: "https://github.com/espeak-ng/espeak-ng")
        let entries = voices.map { voice in
            EngineVoice(
                artifact: Artifact(name: voice.name, about: voice.title, attribution: makers, version: "1.51"),
                languages: [voice.language], gender: voice.isFemale ? "female" : "male", sampleRate: sampleRate,
                licence: "GPL-3.0-or-later")
        }
        let program = Artifact(
            name: "espeak", about: "A hundred languages, small and plain", attribution: makers, version: "1.51")
        return Info(speech: [SpeechProgram(artifact: program, voices: entries)])
    }
}
