internal import Wyoming

/// A voice as espeak-ng is told to use it.
package struct EspeakVoice: Hashable, Sendable {
    /// Such as `de` or `en-us+f2`.
    package var name: String
    /// By which espeak-ng finds it, such as `gmw/en-US+f2`.
    package var file: String
    /// BCP 47, lower case.
    package var language: String
    /// What a person reads, such as `German`.
    package var title: String
    package var isFemale = false
    /// espeak-ng's own scale, 0 to 99; 50 is the voice's own.
    package var pitch = 50
    /// In LUFS; here that of the usual voice, whose languages differ by 1 LU.
    ///
    /// Measured: Docs/Voices.md.
    package var loudness = -20.1
}

/// The voices that are offered: one for each language, and more for English.
package struct EspeakCatalogue: Sendable {
    package let voices: [EspeakVoice]

    /// American voices that can be told apart by ear: espeak-ng's variants, each two semitones or more from the next.
    private static let variants: [(suffix: String, title: String, isFemale: Bool, pitch: Int, loudness: Double)] = [
        ("m8", "man, very deep", false, 5, -26.6), ("m3", "man, deep", false, 8, -22.0),
        ("m7", "man, bright", false, 58, -19.4), ("m2", "man, high", false, 77, -20.9),
        ("f1", "woman, very low", true, 32, -19.9), ("f5", "woman, low", true, 32, -21.3),
        ("f2", "woman", true, 52, -18.8), ("f3", "woman, bright", true, 57, -19.9),
        ("f4", "woman, high", true, 87, -17.6), ("whisper", "whispering", false, 50, -22.8),
    ]

    package init(languages: [EspeakLanguage]) {
        var voices: [EspeakVoice] = []
        for language in languages {
            let usual = EspeakVoice(
                name: language.tag, file: language.file, language: language.tag, title: language.title)
            voices.append(usual)
            guard language.tag == "en-us" else { continue }
            for variant in Self.variants {
                var voice = usual
                voice.name += "+\(variant.suffix)"
                voice.file += "+\(variant.suffix)"
                voice.title += ", \(variant.title)"
                (voice.isFemale, voice.pitch) = (variant.isFemale, variant.pitch)
                voice.loudness = variant.loudness
                voices.append(voice)
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
                licence: "GPL-3.0-or-later", loudness: voice.loudness)
        }
        let program = Artifact(
            name: "espeak", about: "A hundred languages, small and plain", attribution: makers, version: "1.51")
        return Info(speech: [SpeechProgram(artifact: program, voices: entries)])
    }
}
