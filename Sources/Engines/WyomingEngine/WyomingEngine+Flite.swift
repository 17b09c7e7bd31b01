package import Flow
package import VoiceCore

extension WyomingEngine {
    /// Our default English voices.
    ///
    /// - Parameters:
    ///   - executable: The path of `hearsay-flite`.
    ///   - directory: Exists and belongs to this server alone.
    package static func flite(
        executable: String, directory: String, options: PoolOptions = PoolOptions(), log: Log
    ) -> WyomingEngine {
        WyomingEngine(
            name: "flite", worker: WorkerCommand(executable: executable), directory: directory, options: options,
            knownVoices: fliteVoices, about: "small English voices, there at once", log: log)
    }

    /// What `hearsay-flite` says when it is asked, so that the voices are known while it starts.
    package static let fliteVoices = [
        fliteVoice("slt", .female, "Woman, American", -16.5),
        fliteVoice("rms", .male, "Man, American", -21.9),
        fliteVoice("awb", .male, "Man, American words with a Scottish tongue", -20.9),
        fliteVoice("kal16", .male, "Man, American, robotic but the cheapest to run", -28.3),
    ]

    private static func fliteVoice(_ name: String, _ gender: Voice.Gender, _ description: String, _ loudness: Double)
        -> Voice
    {
        Voice(
            id: name, engine: "flite", name: name, language: "en-US", gender: gender, sampleRate: 16_000,
            licence: "LicenseRef-Flite", description: description, loudness: loudness)
    }
}
