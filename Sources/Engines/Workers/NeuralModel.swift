package import VoiceCore

/// A neural model that lies on this machine, and how it is run.
package struct NeuralModel: Hashable, Sendable {
    /// Also the name of its engine.
    package var name: String
    /// Where its files lie.
    package var folder: String
    package var languages: [String]
    package var licence: String
    /// What its worker said when it was tried; empty for what is no voice.
    package var voices: [Voice]
    /// What a recogniser said then that it can do beside writing down what was said.
    package var readings: [String]
    /// How long its worker took to load it then.
    package var loadTime: Duration
    /// After how long without work its worker is ended.
    package var idleLimit: Duration?
    /// How much memory its worker may allocate; nil for any.
    package var memoryByteCount: Int?

    package init(
        name: String, folder: String, languages: [String], licence: String, voices: [Voice],
        readings: [String] = [], loadTime: Duration, idleLimit: Duration?, memoryByteCount: Int?
    ) {
        self.readings = readings
        self.name = name
        self.folder = folder
        self.languages = languages
        self.licence = licence
        self.voices = voices
        self.loadTime = loadTime
        self.idleLimit = idleLimit
        self.memoryByteCount = memoryByteCount
    }

    /// How its worker is started.
    func command(executable: String, kind: EngineKind) -> WorkerCommand {
        var arguments = ["--model", folder, "--name", name, "--licence", licence, "--kind", kind.rawValue]
        if !languages.isEmpty { arguments += ["--languages", languages.joined(separator: ",")] }
        if let limit = memoryByteCount { arguments += ["--memory", String(limit)] }
        return WorkerCommand(executable: executable, arguments: arguments)
    }
}
