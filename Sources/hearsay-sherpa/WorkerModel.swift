internal import Sherpa
internal import Wyoming

/// Loads a model and puts it behind the events of a worker.
enum WorkerModel {
    /// Loads a model; one that the library does not understand may end the process instead.
    static func load(
        _ contents: ModelContents, _ options: SherpaOptions, _ library: SherpaLibrary
    ) throws -> WorkerServer.Answer {
        switch contents {
        case .voice(let folder):
            let worker = SpeechWorker(try SherpaEngine(folder, options, library: library))
            return { event, connection throws(TransportError) in try worker.answer(event, connection) }
        case .recogniser(let folder) where folder.files.family.isStreaming:
            return hear(try StreamingEngine.load(folder, options, library), folder.info(options))
        case .recogniser(let folder): return hear(try WholeEngine.load(folder, options, library), folder.info(options))
        case .keywords(let folder): return hear(try SpottingEngine.load(folder, options, library), folder.info(options))
        case .punctuation(let folder):
            let worker = try PunctuationWorker(folder, library)
            return { event, connection throws(TransportError) in try worker.answer(event, connection) }
        case .denoiser(let folder):
            let worker = DenoisingWorker(folder, library)
            return { event, connection throws(TransportError) in try worker.answer(event, &connection) }
        }
    }

    private static func hear<Engine: HearingEngine & SendableMetatype & ~Copyable>(
        _ engine: consuming sending Engine, _ info: Info
    ) -> WorkerServer.Answer {
        let worker = HearingWorker(engine, info: info)
        return { event, connection throws(TransportError) in try worker.answer(event, &connection) }
    }
}
