package import Flow
package import VoiceCore

/// A neural model that lies on this machine, and how it is run.
package struct NeuralModel: Hashable, Sendable {
    /// Also the name of its engine.
    package var name: String
    /// Where its files lie.
    package var folder: String
    package var languages: [String]
    package var licence: String
    /// What its worker said when it was tried.
    package var voices: [Voice]
    /// How long its worker took to load it then.
    package var loadTime: Duration
    /// After how long without work its worker is ended.
    package var idleLimit: Duration?
    /// How much memory its worker may allocate; nil for any.
    package var memoryByteCount: Int?

    package init(
        name: String, folder: String, languages: [String], licence: String, voices: [Voice], loadTime: Duration,
        idleLimit: Duration?, memoryByteCount: Int?
    ) {
        self.name = name
        self.folder = folder
        self.languages = languages
        self.licence = licence
        self.voices = voices
        self.loadTime = loadTime
        self.idleLimit = idleLimit
        self.memoryByteCount = memoryByteCount
    }
}

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
        var arguments = ["--model", model.folder, "--name", model.name, "--licence", model.licence]
        if !model.languages.isEmpty { arguments += ["--languages", model.languages.joined(separator: ",")] }
        if let limit = model.memoryByteCount { arguments += ["--memory", String(limit)] }
        var options = PoolOptions(size: 1)
        options.isWarm = false
        options.idleLimit = model.idleLimit
        options.silenceLimit = neuralSilenceLimit
        options.usualStart = model.loadTime
        return WyomingEngine(
            name: model.name, worker: WorkerCommand(executable: executable, arguments: arguments),
            directory: directory, options: options, knownVoices: model.voices, log: log)
    }
}
