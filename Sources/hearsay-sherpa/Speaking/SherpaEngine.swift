internal import Sherpa
internal import Sound
private import Synchronization
internal import Wyoming

/// A loaded voice behind the events of a worker.
final class SherpaEngine: WorkerEngine {
    let info: Info
    let shape: AudioShape
    private let folder: ModelFolder
    private let speakers: Speakers
    private let phonemizer: Phonemizer?
    private let voice: Mutex<SherpaVoice>

    /// Loads the model; one that the library does not understand may end the process instead.
    init(_ folder: ModelFolder, _ options: SherpaOptions, library: SherpaLibrary) throws(ModelProblem) {
        self.folder = folder
        phonemizer = Phonemizer(executable: options.espeak)
        guard let voice = SherpaVoice.open(folder.files, threadCount: options.threadCount, library: library) else {
            throw .refused
        }
        shape = AudioShape(rate: voice.sampleRate)
        speakers = Speakers(folder, id: options.name, languages: options.languages, count: voice.speakerCount)
        info = Self.info(speakers, folder, options, sampleRate: voice.sampleRate)
        self.voice = Mutex(voice)
    }

    func speak(_ request: SynthesizeRequest, emit: (SpeechOutput) -> Bool) throws(SpeechRefusal) {
        guard let index = speakers.index(named: request.voice, language: request.language) else {
            throw SpeechRefusal("there is no such voice", code: "unknown_voice")
        }
        guard let speech = try speech(for: request, speaker: index) else { return }
        let hasSound = voice.withLock { voice in
            voice.speak(speech) { samples in Self.send(samples, rate: shape.rate, emit) }
        }
        if !hasSound { throw SpeechRefusal("the model made no sound of the text", code: "engine_failed") }
    }

    /// - Returns: Nil for a text without anything to say.
    private func speech(for request: SynthesizeRequest, speaker: Int) throws(SpeechRefusal) -> SherpaSpeech? {
        guard
            request.text.unicodeScalars.contains(where: {
                $0.properties.isAlphabetic || $0.properties.numericType != nil
            })
        else { return nil }
        var speech = SherpaSpeech(text: request.text)
        speech.speed = Float(min(max(request.speed ?? 1, 0.25), 4))
        let language = request.language ?? speakers.list[speaker].languages.first ?? "en-US"
        switch folder.files.family {
        case .pocket: speech.reference = try reference(speaker)
        case .supertonic:
            speech.speaker = speaker
            // It knows languages by two letters.
            speech.extra = "{\"lang\":\"\(language.lowercased().prefix { $0.isLetter })\"}"
        case .vits, .matcha, .kokoro, .kitten:
            speech.speaker = speaker
            guard folder.readsPhonemes else { break }
            let ipa = phonemizer?.phonemes(of: request.text, language: language)
            if let ipa {
                speech.phonemes = PhonemeSentences(ipa).sentences
                if speech.phonemes.isEmpty { return nil }
            } else if folder.files.paths[.lexicon] == nil {
                throw SpeechRefusal("\(ModelProblem.needsPhonemes)", code: "engine_failed")
            }
        }
        return speech
    }

    private func reference(_ speaker: Int) throws(SpeechRefusal) -> SherpaReference {
        let name = folder.references.keys.sorted()[speaker]
        guard let reference = folder.references[name].flatMap(Recording.init(path:)) else {
            throw SpeechRefusal("the recording of the voice \(name) cannot be read", code: "engine_failed")
        }
        return SherpaReference(samples: reference.samples, sampleRate: reference.sampleRate)
    }

    /// 200 ms a piece, so that a reader that is gone is noticed.
    private static func send(_ samples: [Float], rate: Int, _ emit: (SpeechOutput) -> Bool) -> Bool {
        let pieceLength = rate / 5
        var start = 0
        while start < samples.count {
            let end = min(samples.count, start + pieceLength)
            let piece = samples[start..<end].map { Int16(max(-1, min(1, $0)) * 32_767) }
            guard emit(.pcm(PCM16.bytes(of: piece))) else { return false }
            start = end
        }
        return true
    }
}

extension SherpaEngine {
    private static func info(
        _ speakers: Speakers, _ folder: ModelFolder, _ options: SherpaOptions, sampleRate: Int
    ) -> Info {
        let makers = Attribution(name: "k2-fsa", url: "https://github.com/k2-fsa/sherpa-onnx")
        let family = folder.files.family.rawValue
        let voices = speakers.list.map { speaker in
            EngineVoice(
                artifact: Artifact(name: speaker.name, about: "Neural voice (\(family))", attribution: makers),
                languages: speaker.languages, gender: speaker.gender, sampleRate: sampleRate, licence: options.licence)
        }
        let program = Artifact(
            name: options.name, about: "A neural model of the family \(family)", attribution: makers,
            version: SherpaLibrary.version)
        return Info(speech: [SpeechProgram(artifact: program, voices: voices)])
    }
}

extension ModelFolder {
    /// Whether the model was made for sounds rather than letters.
    fileprivate var readsPhonemes: Bool {
        files.family == .kitten || metadata?["has_espeak"] == "1" || files.paths[.lexicon] == nil
    }
}
