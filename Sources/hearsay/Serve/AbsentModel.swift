import Models
import VoiceCore

/// A model that cannot be used, and what would help.
struct AbsentModel: Sendable {
    let id: String
    private let kind: EngineKind
    private let languages: [String]
    private let licence: String
    private let reason: String
    /// Of an installed voice, what its worker told.
    private let told: [Voice]

    /// An installed model with something in its way.
    init(_ manifest: ModelManifest, _ reason: String) {
        (id, kind, languages) = (manifest.id, manifest.kind, manifest.languages)
        (licence, told) = (manifest.licence, manifest.voices)
        self.reason = reason
    }

    /// A model of the list that nobody has fetched.
    init(_ entry: ModelEntry) {
        (id, kind, languages, licence) = (entry.id, entry.kind ?? .voice, entry.languages, entry.licence)
        told = []
        reason = "`hearsay models pull \(entry.id)` fetches it"
    }

    /// As voices; none for what is no voice.
    var voices: [Voice] {
        guard kind == .voice else { return [] }
        guard told.isEmpty else {
            return told.map { voice in
                var voice = voice
                (voice.isInstalled, voice.reason) = (false, reason)
                return voice
            }
        }
        return [
            Voice(
                id: id, engine: id, name: id, language: languages.first ?? "und", sampleRate: 24_000,
                isInstalled: false, reason: reason, licence: licence)
        ]
    }

    /// As an engine; nil for a voice.
    var state: EngineState? {
        if kind == .voice { return nil }
        var state = EngineState(engine: id, phase: .unloaded, reason: reason, kind: kind)
        (state.isInstalled, state.languages) = (false, languages)
        return state
    }
}
