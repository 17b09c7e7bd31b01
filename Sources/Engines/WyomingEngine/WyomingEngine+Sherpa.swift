package import Flow
internal import VoiceCore

extension WyomingEngine {
    /// A sentence of twenty seconds at one and a half times its length, with nothing before it is done.
    private static let neuralSilenceLimit = Duration.seconds(60)

    /// A neural voice, loaded when it is asked for.
    ///
    /// - Parameters:
    ///   - executable: The path of `hearsay-sherpa`.
    ///   - directory: Exists and belongs to this server alone.
    package static func sherpa(
        _ model: NeuralModel, executable: String, directory: String, log: Log
    ) -> WyomingEngine {
        var options = PoolOptions(size: 1)
        options.isWarm = false
        options.idleLimit = model.idleLimit
        options.silenceLimit = neuralSilenceLimit
        options.usualStart = model.loadTime
        return WyomingEngine(
            name: model.name, worker: model.command(executable: executable, kind: .voice), directory: directory,
            options: options, knownVoices: model.voices, log: log)
    }
}
