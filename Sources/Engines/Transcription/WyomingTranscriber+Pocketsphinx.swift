package import Flow

extension WyomingTranscriber {
    /// The recogniser that works straight after installation.
    ///
    /// - Parameters:
    ///   - executable: The path of `hearsay-pocketsphinx`.
    ///   - directory: Exists and belongs to this server alone.
    package static func pocketsphinx(
        executable: String, directory: String, options: PoolOptions = pocketsphinxOptions, log: Log
    ) -> WyomingTranscriber {
        WyomingTranscriber(
            name: "pocketsphinx", worker: WorkerCommand(executable: executable), directory: directory,
            options: options, languages: ["en-US"],
            about: "basic: about every fourth word of free speech is wrong", log: log)
    }

    /// A decoder is lent for a whole utterance but works a quarter of its time, so there are more than processors.
    package static var pocketsphinxOptions: PoolOptions {
        // Measured: 0.13 of a processor for the live reading and 0.21 for the second of each second of speech.
        var options = PoolOptions(size: 3 * PoolOptions.processorCount)
        // Second readings are slow while others want the processors; those keep the other decoders.
        options.spareSize = PoolOptions.processorCount
        // A second reading is one call into the library: at most 60 s of audio at 0.21.
        options.cancelLimit = .seconds(14)
        options.silenceLimit = .seconds(60)
        // 180 MB each; the next one is there within a second.
        options.idleLimit = .seconds(300)
        return options
    }
}
