import Engines
import Flow
import VoiceCore

/// What became of letting an engine's worker say a word.
struct EngineTrial: Hashable, Sendable {
    enum Outcome: Hashable, Sendable {
        /// Its program is not where it belongs.
        case missing
        /// Times from the start of the worker, and from the request.
        case spoke(start: Duration, firstSound: Duration, version: String?)
        case failed(reason: String)
        case silent(after: Duration)
    }

    var engine: String
    var program: String
    /// Whether a server starts without it.
    var isSpare = false
    var outcome: Outcome

    /// A server with working engines makes a failed trial less grave, and so do other engines.
    func finding(serverSpeaks: Bool) -> Finding {
        let subject = "engine"
        switch outcome {
        case .spoke(let start, let firstSound, let version):
            let name = engine + (version.map { " \($0)" } ?? "")
            return .ok(
                subject, "\(name) is up after \(start.shown) and speaks \(firstSound.shown) after it is asked")
        case .missing:
            let remedy = Finding.Remedy.run("make build", "In the source folder, build it")
            guard !isSpare else { return .note(subject, "\(program) is not beside hearsay", remedy) }
            return grave(serverSpeaks, "\(program) is not beside hearsay", remedy)
        case .failed(let reason):
            return grave(
                serverSpeaks, "\(engine) does not speak: \(reason)",
                .run("\(program) --socket /tmp/engine.sock", "Let it say why"))
        case .silent(let limit):
            return grave(
                serverSpeaks, "\(engine) said nothing for \(limit.shown)",
                .run("uptime", "Is the machine busy? Look"))
        }
    }

    private func grave(_ serverSpeaks: Bool, _ text: String, _ remedies: Finding.Remedy...) -> Finding {
        let isProblem = !serverSpeaks && !isSpare
        return Finding(
            subject: "engine", state: isProblem ? .problem : .warning, text: text, remedies: remedies,
            exitCode: isProblem ? .engineFailed : .success)
    }
}

extension EngineTrial {
    /// A start that takes longer keeps nobody listening; a neural voice needs a few seconds.
    private static let limit = Duration.seconds(10)

    /// How an engine's worker is found and run.
    private struct Candidate: Sendable {
        var name: String
        var isSpare: Bool
        var make: @Sendable (_ executable: String, _ directory: String, PoolOptions, Log) -> WyomingEngine
    }

    private static let candidates = [
        Candidate(name: "flite", isSpare: false) {
            WyomingEngine.flite(executable: $0, directory: $1, options: $2, log: $3)
        },
        Candidate(name: "espeak", isSpare: true) {
            WyomingEngine.espeak(executable: $0, directory: $1, options: $2, log: $3)
        },
    ]

    static func findings(_ circumstances: Circumstances) async -> [Finding] {
        let server = circumstances.server
        let serverSpeaks = server.status != nil && server.hasWorkingEngine
        var findings: [Finding] = []
        // One after the other, so that each has the processor to itself and its times are its own.
        for candidate in candidates { findings.append(await read(candidate).finding(serverSpeaks: serverSpeaks)) }
        return findings
    }

    /// Starts a worker of its own, apart from any server's, and lets it speak.
    private static func read(_ candidate: Candidate) async -> EngineTrial {
        let program = "hearsay-\(candidate.name)"
        var trial = EngineTrial(
            engine: candidate.name, program: program, isSpare: candidate.isSpare, outcome: .missing)
        guard let path = Installation.path(ofWorker: program) else { return trial }
        trial.program = path
        guard let folder = TemporaryFolder() else {
            trial.outcome = .failed(reason: "no folder for its socket can be made among the temporary files")
            return trial
        }
        let quiet = Log(label: "doctor", sink: LogSink(level: .error, style: .logfmt) { _ in })
        let engine = candidate.make(path, folder.path, PoolOptions(size: 1), quiet)
        let outcome = await Timeline.live().limit(limit) { await hear(engine) }
        trial.outcome = withExtendedLifetime(folder) { outcome ?? .silent(after: limit) }
        return trial
    }

    private static func hear(_ engine: WyomingEngine) async -> Outcome? {
        await withTaskGroup(of: Outcome?.self) { group in
            group.addTask {
                try? await engine.run()
                return nil
            }
            group.addTask { await speak(engine) }
            var outcome: Outcome?
            while outcome == nil, let next = await group.next() { outcome = next }
            group.cancelAll()
            return outcome
        }
    }

    private static func speak(_ engine: WyomingEngine) async -> Outcome? {
        let timeline = Timeline.live()
        var state: EngineState?
        while state?.phase != .ready, state?.phase != .failed {
            guard let next = await engine.state(after: state) else { return nil }
            state = next
        }
        let start = timeline.now
        let firstSound = Monitor<Duration?>(nil)
        do throws(SynthesisError) {
            let voices = await engine.voices()
            guard let voice = (voices.first { $0.language.hasPrefix("en") } ?? voices.first)?.id else {
                return .failed(reason: "it has no voice")
            }
            try await engine.synthesize(Clause(text: "Hello.", voice: voice)) { part in
                guard case .audio = part else { return }
                let now = timeline.now
                firstSound.withLock { $0 = $0 ?? now }
            }
        } catch {
            return .failed(reason: engine.state.reason ?? "\(error)")
        }
        guard let heard = firstSound.withLock({ $0 }) else { return .failed(reason: "it gave no sound") }
        return .spoke(start: start, firstSound: heard - start, version: engine.version)
    }
}
