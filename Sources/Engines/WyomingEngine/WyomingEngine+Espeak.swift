package import Flow

extension WyomingEngine {
    /// Plain voices for a hundred languages.
    ///
    /// - Parameters:
    ///   - executable: The path of `hearsay-espeak`.
    ///   - directory: Exists and belongs to this server alone.
    package static func espeak(
        executable: String, directory: String, options: PoolOptions = PoolOptions(), log: Log
    ) -> WyomingEngine {
        WyomingEngine(
            name: "espeak", worker: WorkerCommand(executable: executable), directory: directory, options: options,
            about: "a hundred languages, small and plain", log: log)
    }
}
