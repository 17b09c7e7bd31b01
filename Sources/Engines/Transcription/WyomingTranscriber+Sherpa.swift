package import Flow
package import VoiceCore

extension WyomingTranscriber {
    /// A recogniser of a user's, loaded when it is asked for.
    ///
    /// - Parameters:
    ///   - executable: The path of `hearsay-sherpa`.
    ///   - directory: Exists and belongs to this server alone.
    ///   - kind: `recogniser`, or `keywords` for a model that finds phrases.
    ///   - isWarm: Whether it is loaded before it is asked for.
    package static func sherpa(
        _ model: NeuralModel, kind: EngineKind = .recogniser, executable: String, directory: String,
        isWarm: Bool = false, log: Log
    ) -> WyomingTranscriber {
        // A worker is lent for a whole utterance; a third person who speaks at the same time waits, and no third copy of
        // the model is loaded.
        var options = PoolOptions(size: 2)
        options.isWarm = isWarm
        options.idleLimit = model.idleLimit
        // A model that hears whole utterances does so in one call: 50 s of audio, with room for a busy machine.
        options.cancelLimit = .seconds(10)
        options.silenceLimit = .seconds(60)
        return WyomingTranscriber(
            name: model.name, worker: model.command(executable: executable, kind: kind), directory: directory,
            options: options, model: model, kind: kind, log: log)
    }
}
