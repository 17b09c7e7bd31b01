internal import VoiceCore

/// Refuses what a client asks for a source and no engine here can do.
struct WishCheck: Sendable {
    let transcribers: TranscriberRoster
    let helpers: HearingHelpers

    func check(reducesNoise: Bool) throws(SourceRefusal) {
        if reducesNoise, helpers.noiseReducer == nil { throw .noNoiseReducer(absent: absent(.denoiser)) }
    }

    /// - Parameter held: What holds of what is not asked for anew.
    func check(
        _ settings: RecognitionSettings, changing held: RecognitionSettings = RecognitionSettings()
    ) throws(SourceRefusal) {
        // What a source has already is not refused because of something else that it asks for.
        let isAboutReaders = settings.language != nil || settings.engine != nil || settings.reviser != nil
        if held == RecognitionSettings() || isAboutReaders { try checkReaders(held.updated(by: settings)) }
        if settings.keywords?.isEmpty == false, helpers.spotter == nil {
            throw .noSpotter(absent: absent(.keywords))
        }
    }

    private func checkReaders(_ settings: RecognitionSettings) throws(SourceRefusal) {
        var readers: [any Transcriber] = []
        if let reviser = settings.reviser { readers.append(try transcriber(named: reviser)) }
        if settings.engine != RecognitionSettings.noEngine { readers.append(try transcriber(named: settings.engine)) }
        guard let language = settings.language else { return }
        for reader in readers where !reader.understands(language) {
            throw .unknownLanguage(language, engine: reader.name, known: reader.languages)
        }
    }

    private func transcriber(named name: String?) throws(SourceRefusal) -> any Transcriber {
        if let transcriber = transcribers.transcriber(named: name) { return transcriber }
        throw .unknownEngine(name, absent: name.flatMap { absent(.recogniser, named: $0) })
    }

    /// An engine that could be had.
    ///
    /// - Parameter name: Nil for any.
    private func absent(_ kind: EngineKind, named name: String? = nil) -> EngineState? {
        transcribers.absentStates.first { $0.kind == kind && $0.engine == name ?? $0.engine }
    }
}
