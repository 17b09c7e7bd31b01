private import JSON
private import VoiceCore
private import Wire

/// The models that are known by name.
package struct ModelCatalogue: Hashable, Sendable {
    package let entries: [ModelEntry]

    /// Reads a catalogue of somebody's own: an object with `models`, a list of entries.
    ///
    /// - Throws: `ModelError.badCatalogue` with the place of the first entry that is none.
    package init(_ bytes: [UInt8]) throws(ModelError) {
        let value: JSONValue
        do {
            value = try JSONText.value(of: bytes)
        } catch {
            throw .badCatalogue("it is no JSON")
        }
        guard let elements = value["models"]?.elements else { throw .badCatalogue("it has no list “models”") }
        var entries: [ModelEntry] = []
        for (index, element) in elements.enumerated() {
            guard let entry = ModelEntry(element) else { throw .badCatalogue("its entry \(index + 1) is none") }
            entries.append(entry)
        }
        self.entries = entries
    }

    private init(entries: [ModelEntry]) {
        self.entries = entries
    }

    /// The entry of that name, if there is one.
    package subscript(id id: String) -> ModelEntry? { entries.first { $0.id == id } }

    /// What Hearsay knows, with the hashes by which each file is told from another one of the same name.
    ///
    /// Hashes and sizes are those that at least four projects which fetch the same files have pinned, each on its own; the
    /// makers publish none beside them. Licences are what the makers of the weights said when this was written.
    package static let builtIn = ModelCatalogue(
        entries: [
            tts(
                "kokoro", "kokoro-multi-lang-v1_0", 349_906_910,
                "c5f7e2d2caf082bc1d20fb70334a61d99d20b484500aad32e7cf84c128ea3298", "Apache-2.0",
                ["en", "es", "fr", "hi", "it", "ja", "pt-BR", "zh"]),
            tts(
                "kitten-nano", "kitten-nano-en-v0_1-fp16", 26_855_312,
                "f35dac93754fe2ac97c66e1f468311d0d2130f7f0f5a89bfa1197e09a0cbdec5", "Apache-2.0", ["en"]),
            tts(
                "piper-libritts", "vits-piper-en_US-libritts_r-medium", 82_038_311,
                "10dc268f3e371696d721486123e2705a9fc1faa113491979fde4d88dba1f1b1c", "CC-BY-4.0", ["en-US"]),
            tts(
                "piper-thorsten", "vits-piper-de_DE-thorsten-medium", 67_214_254,
                "50487d9c95fdf2191f31d2588569381063ba1591dcd4c7d4bdd30f12b2191714", "CC0-1.0", ["de-DE"]),
            tts(
                "piper-lessac", "vits-piper-en_US-lessac-medium", 67_230_653,
                "9e3febfacf0abf4270172d2958bcec246032b7e88efc2720840cc80c93de334e",
                "LicenseRef-Blizzard-2013 (research only)", consent: true, ["en-US"]),
            tts(
                "supertonic", "sherpa-onnx-supertonic-3-tts-int8-2026-05-11", 128_774_318,
                "82fa96f91c4ef8abaae3a14a3f4153facf88bed821d1f7331cec2700f432c427",
                "LicenseRef-OpenRAIL-M (restricted uses)", consent: true,
                ["en", "de", "es", "fr", "it", "ja", "ko", "pt"]),
            tts(
                "pocket", "sherpa-onnx-pocket-tts-int8-2026-01-26", 130_000_000,
                "2f3b88823cbbb9bf0b2477ec8ae7b3fec417b3a87b6bb5f256dba66f2ad967cb", "CC-BY-4.0", ["en"]),
        ] + recognisers + helpers)

    /// Those that hear; the first three while somebody speaks.
    private static let recognisers = [
        asr("zipformer-small", "streaming-zipformer-en-20M-2023-02-17", "Apache-2.0", ["en"]),
        asr("zipformer", "streaming-zipformer-en-2023-06-26", "Apache-2.0", ["en"]),
        asr("fastconformer", "nemo-streaming-fast-conformer-ctc-en-80ms", "CC-BY-4.0", ["en"]),
        asr("moonshine-tiny", "moonshine-tiny-en-int8", "MIT", ["en"]),
        asr("whisper-tiny-en", "whisper-tiny.en", "MIT", ["en"]),
        // And some ninety more.
        asr("whisper-tiny", "whisper-tiny", "MIT", ["en", "zh", "de", "es", "ru", "ko", "fr", "ja", "pt", "tr", "pl"]),
        asr("parakeet", "nemo-parakeet-tdt-0.6b-v2-int8", "CC-BY-4.0", ["en"]),
        asr("parakeet-europe", "nemo-parakeet-tdt-0.6b-v3-int8", "CC-BY-4.0", europeanLanguages),
        asr(
            "sense-voice", "sense-voice-zh-en-ja-ko-yue-int8-2024-07-17",
            "LicenseRef-FunASR-Model-1.1 (restricted uses)", consent: true, ["zh", "en", "ja", "ko", "yue"]),
    ]

    private static let europeanLanguages = [
        "bg", "hr", "cs", "da", "nl", "en", "et", "fi", "fr", "de", "el", "hu", "it", "lv", "lt", "mt", "pl", "pt",
        "ro",
        "ru", "sk", "sl", "es", "sv", "uk",
    ]

    /// Those that help a recogniser.
    private static let helpers = [
        entry(
            "keywords-en", .keywords, "kws-models/sherpa-onnx-kws-zipformer-gigaspeech-3.3M-2024-01-01.tar.bz2",
            "Apache-2.0", ["en"]),
        entry(
            "punctuation-en", .punctuation, "punctuation-models/sherpa-onnx-online-punct-en-2024-08-06.tar.bz2",
            "Apache-2.0", ["en"]),
        entry("gtcrn", .denoiser, "speech-enhancement-models/gtcrn_simple.onnx", "MIT", []),
    ]

    private static let releases = "https://github.com/k2-fsa/sherpa-onnx/releases/download/"

    private static func asr(
        _ id: String, _ file: String, _ licence: String, consent: Bool = false, _ languages: [String]
    ) -> ModelEntry {
        entry(id, .recogniser, "asr-models/sherpa-onnx-\(file).tar.bz2", licence, consent: consent, languages)
    }

    private static func entry(
        _ id: String, _ kind: EngineKind, _ path: String, _ licence: String, consent: Bool = false,
        _ languages: [String]
    ) -> ModelEntry {
        ModelEntry(
            id: id, kind: kind, url: releases + path, licence: licence, needsConsent: consent, languages: languages)
    }

    private static func tts(
        _ id: String, _ file: String, _ byteCount: Int, _ sha256: String, _ licence: String, consent: Bool = false,
        _ languages: [String]
    ) -> ModelEntry {
        ModelEntry(
            id: id, kind: .voice, url: "\(releases)tts-models/\(file).tar.bz2", byteCount: byteCount,
            sha256: sha256, licence: licence,
            needsConsent: consent,
            languages: languages)
    }
}
