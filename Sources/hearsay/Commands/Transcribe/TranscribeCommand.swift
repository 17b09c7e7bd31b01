import Engines
import Flow
import Hearing
import JSON
import VoiceCore

extension Command {
    static let transcribe = Command(
        name: "transcribe",
        summary: "turn a recording of speech into text",
        operands: Operands(usage: "FILE|-", count: 1...1),
        options: [
            .flag("txt", nil, "a line for each utterance, as without any of these"),
            .flag("srt", nil, "subtitles as SubRip"),
            .flag("vtt", nil, "subtitles as WebVTT"),
            .flag("json", nil, "one JSON object for each utterance, with the times of its words"),
            .value("language", "TAG", nil, "what is spoken, such as en; default: what the engine knows best"),
            .value("engine", "NAME", nil, "an installed model, pocketsphinx, or a server: tcp://HOST:PORT, unix:/PATH"),
            .value("data", "DIR", nil, "where models are installed; default: ~/.local/share/hearsay"),
        ],
        discussion: [
            "FILE is WAV, MP3, FLAC or Ogg Opus; with ffmpeg installed also M4A, WebM and others.",
            "No server is needed.",
            "The recogniser that comes with Hearsay understands English and is basic: about every",
            "fourth word of free speech is wrong. --engine names a better one: a model that was",
            "installed with `hearsay models`, or a server elsewhere.",
        ],
        examples: [
            Example(line: "hearsay transcribe talk.wav", meaning: "what was said, a line for each utterance"),
            Example(line: "hearsay transcribe talk.mp3 --srt > talk.srt", meaning: "subtitles"),
            Example(
                line: "hearsay transcribe talk.wav --engine tcp://box:10300", meaning: "by a recogniser elsewhere"),
        ],
        run: { try await TranscribeCommand($0).run() })
}

/// Turns a recording into text by a recogniser of its own, without a server.
struct TranscribeCommand: Sendable {
    private let invocation: Invocation
    private let page: TranscriptPage
    private let engineName: String?
    private let language: String?

    /// The recogniser that comes with Hearsay.
    static let ownRecogniser = "pocketsphinx"
    /// A recogniser on a busy machine needs a second to begin.
    private static let startLimit = Duration.seconds(60)

    private static let quiet = Log(label: "transcribe", sink: LogSink(level: .error, style: .logfmt) { _ in })

    /// 1 GB: nine hours at 16 kHz.
    private static let byteLimit = 1 << 30

    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        let arguments = invocation.arguments
        guard ["txt", "srt", "vtt", "json"].filter(arguments.has).count <= 1 else {
            throw Failure(
                exitCode: .usage, code: "bad_options", message: "--txt, --srt, --vtt and --json are four ways to write",
                advice: ["Choose one of them."])
        }
        page = TranscriptPage(
            style: arguments.has("srt") ? .srt : arguments.has("vtt") ? .vtt : arguments.has("json") ? .json : .text)
        engineName = arguments.string("engine")
        language = arguments.string("language")
    }

    func run() async throws -> ExitCode {
        let recording = try RecordingFile(invocation.arguments.operands.first ?? "-", limit: Self.byteLimit)
        guard let folder = TemporaryFolder() else {
            throw Failure(
                exitCode: .engineFailed, code: "no_folder",
                message: "no folder for the recogniser's socket can be made among the temporary files")
        }
        let engine = try engine(in: folder.path)
        let detector = ChosenDetector(sockets: folder.path, log: Self.quiet)
        return try await withThrowingTaskGroup(of: ExitCode?.self) { group in
            group.addTask {
                try await engine.run()
                return nil
            }
            group.addTask {
                try await detector.run()
                return nil
            }
            group.addTask { try await self.transcribe(recording, with: engine, detector) }
            defer { group.cancelAll() }
            while let code = try await group.next() { if let code { return code } }
            return .aborted
        }
    }

    private func transcribe(
        _ recording: RecordingFile, with engine: WyomingTranscriber, _ detector: ChosenDetector
    ) async throws -> ExitCode {
        let reader = try await recording.reader()
        if let language, !engine.understands(language) { throw Failure(language, unknownTo: engine) }
        try await waitUntilReady(engine)
        await detector.settle()
        let transcription = RecordingTranscription(
            engine, detector: detector.detector, language: language, concurrency: PoolOptions.processorCount)
        let isBasic = engine.name == Self.ownRecogniser
        let writer = TranscriptWriter(
            page, engine: engine.name,
            caution: isBasic ? "basic recogniser: expect mistakes (--engine names a better one)" : nil,
            output: invocation.output)
        do {
            writer.begin()
            try await transcription.read {
                try recording.next(of: reader)
            } tell: {
                writer.write($0)
            }
        } catch let failure as RecordingTranscription.Failure {
            if let language, case .transcriber(.unsupported) = failure { throw Failure(language, unknownTo: engine) }
            throw Failure(failure, engine: engine)
        }
        writer.end()
        return .success
    }

    private func waitUntilReady(_ engine: WyomingTranscriber) async throws {
        let state = await Timeline.live().limit(Self.startLimit) {
            var state: EngineState?
            repeat { state = await engine.state(after: state) } while state?.phase == .starting
            return state
        }
        if state?.phase == .ready { return }
        throw Failure(.transcriber(.notReady(engine: engine.name)), engine: engine)
    }

    private func engine(in folder: String) throws -> WyomingTranscriber {
        if let engineName, engineName != Self.ownRecogniser {
            return try Self.engine(engineName, invocation, in: folder)
        }
        guard let program = Installation.path(ofWorker: "hearsay-pocketsphinx") else {
            throw Failure(
                exitCode: .engineFailed, code: "engine_missing", message: "hearsay-pocketsphinx is not beside hearsay",
                advice: ["Run make build in the source folder, or name a recogniser with --engine."])
        }
        var options = WyomingTranscriber.pocketsphinxOptions
        options.size = PoolOptions.processorCount
        return .pocketsphinx(executable: program, directory: folder, options: options, log: Self.quiet)
    }
}

extension Failure {
    fileprivate init(_ language: String, unknownTo engine: WyomingTranscriber) {
        let known = engine.languages.joined(separator: ", ")
        let words = known.isEmpty ? "does not understand" : "understands \(known), not"
        self.init(
            exitCode: .engineFailed, code: "unknown_language",
            message: "the recogniser \(engine.name) \(words) \(language)",
            advice: ["--engine names another one; `hearsay models list` says what each understands."])
    }

    fileprivate init(_ failure: RecordingTranscription.Failure, engine: WyomingTranscriber) {
        let reason: String
        switch failure {
        case .audio: reason = "the recording's sample rate cannot be changed"
        case .detector(.notReady(let name)): reason = "the detector \(name) does not work"
        case .transcriber(.failed(_, let message)): reason = "the recogniser says: \(message)"
        case .transcriber(.unsupported): reason = "the recogniser does not know that language"
        case .transcriber(.timedOut): reason = "the recogniser does not answer"
        case .transcriber(.notReady), .transcriber(.died), .transcriber(.shed):
            reason = engine.state.reason ?? "the recogniser does not work"
        }
        self.init(
            exitCode: .engineFailed, code: "engine_failed", message: reason,
            advice: failure == .transcriber(.notReady(engine: engine.name)) ? [Self.advice(engine)] : [])
    }

    private static func advice(_ engine: WyomingTranscriber) -> String {
        if engine.state.isRemote { return "Does a Wyoming server run there? --engine names one as tcp://HOST:PORT." }
        return engine.name == TranscribeCommand.ownRecogniser
            ? "Is the package pocketsphinx-en-us installed?"
            : "`hearsay models verify \(engine.name)` says whether it is whole."
    }
}
