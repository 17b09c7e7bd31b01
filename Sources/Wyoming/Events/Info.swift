import JSON

/// What a server offers; programs that speak or hear are read, everything else is kept out.
package struct Info: Hashable, Sendable {
    package var speech: [SpeechProgram]
    package var hearing: [HearingProgram]

    package init(speech: [SpeechProgram] = [], hearing: [HearingProgram] = []) {
        self.speech = speech
        self.hearing = hearing
    }

    init(_ data: JSONObject) {
        speech = data["tts"]?.elements?.compactMap { $0.members.flatMap(SpeechProgram.init) } ?? []
        hearing = data["asr"]?.elements?.compactMap { $0.members.flatMap(HearingProgram.init) } ?? []
    }

    var data: JSONObject {
        // Readers of older releases ask for every list.
        var data: JSONObject = [:]
        for kind in ["wake", "handle", "intent", "mic", "snd"] { data[kind] = .array([]) }
        data["tts"] = .array(speech.map { .object($0.data) })
        data["asr"] = .array(hearing.map { .object($0.data) })
        return data
    }
}

/// A program that speaks.
package struct SpeechProgram: Hashable, Sendable {
    package var artifact: Artifact
    package var voices: [EngineVoice]

    package init(artifact: Artifact, voices: [EngineVoice]) {
        self.artifact = artifact
        self.voices = voices
    }

    init?(_ data: JSONObject) {
        guard let artifact = Artifact(data) else { return nil }
        self.init(
            artifact: artifact,
            voices: data["voices"]?.elements?.compactMap { $0.members.flatMap(EngineVoice.init) } ?? [])
    }

    var data: JSONObject {
        var data = artifact.data
        data["voices"] = .array(voices.map { .object($0.data) })
        data["supports_synthesize_streaming"] = .bool(false)
        return data
    }
}

/// A voice of a speech program.
package struct EngineVoice: Hashable, Sendable {
    package var artifact: Artifact
    /// BCP 47 or the underscore form that some servers use.
    package var languages: [String]
    /// `female` or `male`; our own addition.
    package var gender: String?
    /// Our own addition.
    package var sampleRate: Int?
    /// Our own addition, as an SPDX expression where there is one.
    package var licence: String?
    /// Of its speech, in LUFS; our own addition.
    package var loudness: Double?

    package init(
        artifact: Artifact, languages: [String], gender: String? = nil, sampleRate: Int? = nil, licence: String? = nil,
        loudness: Double? = nil
    ) {
        self.artifact = artifact
        self.languages = languages
        self.gender = gender
        self.sampleRate = sampleRate
        self.licence = licence
        self.loudness = loudness
    }

    init?(_ data: JSONObject) {
        guard let artifact = Artifact(data) else { return nil }
        self.init(
            artifact: artifact, languages: data["languages"]?.elements?.compactMap(\.text) ?? [],
            gender: data["gender"]?.text, sampleRate: data["sample_rate"]?.whole, licence: data["licence"]?.text,
            loudness: data["loudness"]?.number)
    }

    var data: JSONObject {
        var data = artifact.data
        data["languages"] = .array(languages.map(JSONValue.string))
        data["gender"] = gender.map(JSONValue.string)
        data["sample_rate"] = sampleRate.map(JSONValue.integer)
        data["licence"] = licence.map(JSONValue.string)
        data["loudness"] = loudness.map(JSONValue.double)
        return data
    }
}

/// What programs and voices say about themselves.
package struct Artifact: Hashable, Sendable {
    package var name: String
    package var about: String?
    package var isInstalled: Bool
    package var attribution: Attribution
    package var version: String?

    package init(
        name: String, about: String? = nil, isInstalled: Bool = true, attribution: Attribution, version: String? = nil
    ) {
        self.name = name
        self.about = about
        self.isInstalled = isInstalled
        self.attribution = attribution
        self.version = version
    }

    init?(_ data: JSONObject) {
        guard let name = data["name"]?.text else { return nil }
        let maker = data["attribution"]?.members ?? [:]
        self.init(
            name: name, about: data["description"]?.text, isInstalled: data["installed"]?.flag ?? true,
            attribution: Attribution(name: maker["name"]?.text ?? "", url: maker["url"]?.text ?? ""),
            version: data["version"]?.text)
    }

    var data: JSONObject {
        JSONObject(present: [
            "name": .string(name), "description": about.map(JSONValue.string), "installed": .bool(isInstalled),
            "attribution": .object(["name": .string(attribution.name), "url": .string(attribution.url)]),
            "version": version.map(JSONValue.string),
        ])
    }
}

/// Who made a program or voice, and where that is told.
package struct Attribution: Hashable, Sendable {
    package var name: String
    package var url: String

    package init(name: String, url: String) {
        self.name = name
        self.url = url
    }
}
