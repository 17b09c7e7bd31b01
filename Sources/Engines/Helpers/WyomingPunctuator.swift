package import Flow
package import VoiceCore
internal import Wyoming

/// A model that sets punctuation, in a process of its own.
package final class WyomingPunctuator: Punctuator {
    package let name: String
    package let languages: [String]
    private let desk: WorkerDesk
    private let pool: WorkerPool
    private let loadTime: Duration

    /// A sentence takes some milliseconds.
    private static let limit = Duration.seconds(10)

    /// - Parameters:
    ///   - executable: The path of `hearsay-sherpa`.
    ///   - directory: Exists and belongs to this server alone.
    package init(_ model: NeuralModel, executable: String, directory: String, log: Log) {
        (name, languages, loadTime) = (model.name, model.languages, model.loadTime)
        let options = PoolOptions(model)
        desk = WorkerDesk(size: options.size, isWarm: options.isWarm)
        pool = WorkerPool(
            engine: model.name, command: model.command(executable: executable, kind: .punctuation),
            directory: directory, options: options, desk: desk, log: log.labelled("engine.\(model.name)"))
    }

    package func run() async throws { try await pool.run() }

    package var state: EngineState { EngineState(name, .punctuation, desk.phase, loadTime, languages) }

    package func state(after known: EngineState?) async -> EngineState? {
        let phase = await desk.phase(after: known.map { EnginePhase(phase: $0.phase, reason: $0.reason) })
        return phase.map { EngineState(name, .punctuation, $0, loadTime, languages) }
    }

    package var memoryByteCount: Int? { desk.memoryByteCount }

    /// Asks the worker, which is loaded first if need be.
    package func punctuate(_ text: String) async -> String? {
        guard case .granted(let lease) = await desk.lease() else { return nil }
        let line = PunctuationLine(lease.worker)
        let interruption = Interruption()
        let answer = await withTaskCancellationHandler {
            // Why there is no answer helps nobody who waits for text: it goes without marks.
            try? await line.ask(text, within: Self.limit, interruption)
        } onCancel: {
            interruption.interrupt()
        }
        desk.giveBack(lease, answer != nil ? .finished : Task.isCancelled ? .cancelled : .broken)
        return answer
    }
}

/// A connection on which one text is punctuated, on the worker's own thread, where it may block.
private actor PunctuationLine {
    private let worker: Worker

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe worker.thread.asUnownedSerialExecutor() }

    init(_ worker: Worker) {
        self.worker = worker
    }

    func ask(_ text: String, within limit: Duration, _ interruption: Interruption) throws(TransportError) -> String {
        var connection = try WyomingConnection.connect(to: worker.address)
        interruption.arm(connection.handle)
        try connection.send(.other(PunctuationEvent.question(text)))
        while let event = try connection.receive(timeout: limit) {
            if let text = PunctuationEvent.text(of: event) { return text }
        }
        throw .closed
    }
}

extension PoolOptions {
    /// One worker, loaded when it is asked for.
    init(_ model: NeuralModel) {
        self.init(size: 1)
        isWarm = false
        idleLimit = model.idleLimit
        cancelLimit = .seconds(10)
    }
}

extension EngineState {
    /// What a model's worker is doing.
    init(_ name: String, _ kind: EngineKind, _ phase: EnginePhase, _ loadTime: Duration, _ languages: [String]) {
        self.init(
            engine: name, phase: phase.phase, reason: phase.reason,
            usualStart: phase.phase == .starting ? loadTime : nil, kind: kind)
        self.languages = languages
        isInstalled = phase.phase != .failed
    }
}
