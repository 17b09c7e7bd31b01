internal import JSON
internal import Sherpa
internal import Wyoming

/// Loads a model, lets it do once what it is for, and tells what it is: its trial before anybody relies on it.
struct Inspection: Sendable {
    /// One JSON object: `kind`, `info` as a worker gives it and `load_ms`, or `problem`.
    let report: JSONValue
    let isGood: Bool

    init(_ options: SherpaOptions) {
        do {
            let contents = try ModelContents(path: options.model, wanted: options.purpose)
            let library = try SherpaLibrary.open(in: options.library)
            let clock = ContinuousClock()
            let begin = clock.now
            let (info, loadTime) = try Self.attempt(contents, options, library) { clock.now - begin }
            var report: [String: JSONValue] = [
                "kind": .string(contents.purpose.rawValue), "info": .object(WyomingEvent.info(info).raw.data),
                "load_ms": .integer(Int(loadTime / .milliseconds(1))),
            ]
            report["about"] = contents.about.map(JSONValue.string)
            self.report = .object(report)
            isGood = true
        } catch {
            report = .object(["problem": .string("\(error)")])
            isGood = false
        }
    }

    /// - Parameter passed: How long ago the trial began.
    private static func attempt(
        _ contents: ModelContents, _ options: SherpaOptions, _ library: SherpaLibrary, _ passed: () -> Duration
    ) throws -> (Info, Duration) {
        switch contents {
        case .voice(let folder):
            let engine = try SherpaEngine(folder, options, library: library)
            let loadTime = passed()
            try listen(to: engine)
            return (engine.info, loadTime)
        case .recogniser(let folder) where folder.files.family.isStreaming:
            let loadTime = try speak(to: try StreamingEngine.load(folder, options, library), passed)
            return (folder.info(options), loadTime)
        case .recogniser(let folder):
            let loadTime = try speak(to: try WholeEngine.load(folder, options, library), passed)
            return (folder.info(options), loadTime)
        case .keywords(let folder):
            let phrase = folder.files.paths[.tokens].flatMap(ModelTokens.init(file:))?.sample ?? "a"
            let loadTime = try speak(
                to: try SpottingEngine.load(folder, options, library), passed,
                TranscribeRequest(lookingFor: [phrase]))
            return (folder.info(options), loadTime)
        case .punctuation(let folder):
            let worker = try PunctuationWorker(folder, library)
            let loadTime = passed()
            _ = worker.punctuate("hello how are you")
            return (Info(), loadTime)
        case .denoiser(let folder):
            guard let denoiser = Denoiser.open(folder.family, file: folder.file, library: library) else {
                throw ModelProblem.refused
            }
            let loadTime = passed()
            if denoiser.clean(hum.map { Float($0) / 32_768 }).isEmpty { throw ModelProblem.silent }
            return (Info(), loadTime)
        }
    }

    /// A second of it.
    private static let hum = (0..<16_000).map { Int16(($0 % 160) - 80) }

    private static func listen(to engine: SherpaEngine) throws {
        var byteCount = 0
        try trying { () throws(SpeechRefusal) in
            try engine.speak(SynthesizeRequest(text: "Hello.")) { output in
                if case .pcm(let bytes) = output { byteCount += bytes.count }
                return true
            }
        }
        if byteCount == 0 { throw ModelProblem.silent }
    }

    /// Lets it hear a second of faint hum; what it makes of that does not matter.
    ///
    /// - Returns: How long it took to load.
    private static func speak<Engine: HearingEngine & ~Copyable>(
        to engine: consuming Engine, _ passed: () -> Duration, _ request: TranscribeRequest = TranscribeRequest()
    ) throws -> Duration {
        let loadTime = passed()
        var engine = engine
        do throws(SpeechRefusal) {
            try engine.begin(request)
            try engine.hear(hum)
            _ = try engine.finish()
        } catch {
            throw TrialError(text: error.text)
        }
        return loadTime
    }

    private static func trying(_ body: () throws(SpeechRefusal) -> Void) throws {
        do throws(SpeechRefusal) {
            try body()
        } catch {
            throw TrialError(text: error.text)
        }
    }
}

/// Why a model does not do what it is for, in its worker's words.
private struct TrialError: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}
