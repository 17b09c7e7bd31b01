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
    var outcome: Outcome

    /// A server with working engines makes a failed trial less grave.
    func finding(serverSpeaks: Bool) -> Finding {
        let subject = "engine"
        switch outcome {
        case .spoke(let start, let firstSound, let version):
            let name = engine + (version.map { " \($0)" } ?? "")
            return .ok(
                subject, "\(name) is up after \(start.shown) and speaks \(firstSound.shown) after it is asked")
        case .missing:
            return grave(
                serverSpeaks, "\(program) is not beside hearsay",
                .run("make build", "In the source folder, build it"), .run("make install", "or install both"))
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
        Finding(
            subject: "engine", state: serverSpeaks ? .warning : .problem, text: text, remedies: remedies,
            exitCode: serverSpeaks ? .success : .engineFailed)
    }
}

extension EngineTrial {
    /// A start that takes longer keeps nobody listening; a neural voice needs a few seconds.
    private static let limit = Duration.seconds(10)

    static func findings(_ circumstances: Circumstances) async -> [Finding] {
        let server = circumstances.server
        return [await read().finding(serverSpeaks: server.status != nil && server.hasWorkingEngine)]
    }

    /// Starts a worker of its own, apart from any server's, and lets it speak.
    static func read(installation path: String? = Installation.path(ofWorker: "hearsay-flite")) async -> EngineTrial {
        var trial = EngineTrial(engine: "flite", program: "hearsay-flite", outcome: .missing)
        guard let path else { return trial }
        trial.program = path
        guard let folder = TemporaryFolder() else {
            trial.outcome = .failed(reason: "no folder for its socket can be made among the temporary files")
            return trial
        }
        let quiet = Log(label: "doctor", sink: LogSink(level: .error, style: .logfmt) { _ in })
        let engine = WyomingEngine.flite(
            executable: path, directory: folder.path, options: PoolOptions(size: 1), log: quiet)
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
            let voice = await engine.voices().first?.id ?? "slt"
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
