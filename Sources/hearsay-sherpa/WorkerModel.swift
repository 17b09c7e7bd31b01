internal import Sherpa
internal import Wyoming

/// Loads a model and puts it behind the events of a worker.
enum WorkerModel {
    /// How a loaded model answers, and what `describe` is answered with.
    struct Loaded: Sendable {
        let info: Info
        let answer: WorkerServer.Answer
    }

    /// Loads a model; one that the library does not understand may end the process instead.
    static func load(_ contents: ModelContents, _ options: SherpaOptions, _ library: SherpaLibrary) throws -> Loaded {
        switch contents {
        case .voice(let folder):
            let engine = try SherpaEngine(folder, options, library: library)
            let worker = SpeechWorker(engine)
            return Loaded(info: engine.info) { event, connection throws(TransportError) in
                try worker.answer(event, connection)
            }
        case .recogniser(let folder):
            let info = folder.info(options)
            guard folder.files.family.isStreaming else {
                let worker = HearingWorker(try WholeEngine.load(folder, options, library), info: info)
                return Loaded(info: info) { event, connection throws(TransportError) in
                    try worker.answer(event, &connection)
                }
            }
            let worker = HearingWorker(try StreamingEngine.load(folder, options, library), info: info)
            return Loaded(info: info) { event, connection throws(TransportError) in
                try worker.answer(event, &connection)
            }
        }
    }
}
