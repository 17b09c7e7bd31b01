package import Flow
package import VoiceCore

/// A model that takes noise away, in a process of its own, which serves each source over a connection of its own.
package final class WorkerNoiseReducer: NoiseReducer {
    package let name: String
    private let desk: WorkerDesk
    private let pool: WorkerPool
    private let loadTime: Duration
    private let place = Monitor(ReducerPlace())
    private let timeline = Timeline.live()

    /// How long after a failed start streams go without, before it is tried again.
    private static let pause = Duration.seconds(2)

    /// - Parameters:
    ///   - executable: The path of `hearsay-sherpa`.
    ///   - directory: Exists and belongs to this server alone.
    package init(_ model: NeuralModel, executable: String, directory: String, log: Log) {
        (name, loadTime) = (model.name, model.loadTime)
        let options = PoolOptions(model)
        desk = WorkerDesk(size: options.size, isWarm: options.isWarm)
        pool = WorkerPool(
            engine: model.name, command: model.command(executable: executable, kind: .denoiser), directory: directory,
            options: options, desk: desk, log: log.labelled("engine.\(model.name)"))
    }

    package var state: EngineState { EngineState(name, .denoiser, desk.phase, loadTime, []) }

    package func state(after known: EngineState?) async -> EngineState? {
        let phase = await desk.phase(after: known.map { EnginePhase(phase: $0.phase, reason: $0.reason) })
        return phase.map { EngineState(name, .denoiser, $0, loadTime, []) }
    }

    package var memoryByteCount: Int? { desk.memoryByteCount }

    package func openStream() -> any NoiseReducerStream { ReducerStream(place, timeline) }

    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [pool] in try await pool.run() }
            group.addTask { await self.serve() }
            try await group.waitForAll()
        }
    }

    /// Holds a worker for as long as any source wants one.
    private func serve() async {
        while await place.wait({ $0.streamCount > 0 ? true : nil }) != nil {
            guard let answer = await desk.lease() else { break }
            guard case .granted(let lease) = answer else {
                place.update { $0.isMissing = true }
                await timeline.sleep(until: timeline.now + Self.pause)
                continue
            }
            place.update { $0.come(lease.worker) }
            let isLost = await place.wait { $0.isLost ? true : $0.streamCount == 0 ? false : nil }
            place.update { $0.worker = nil }
            desk.giveBack(lease, isLost == false ? .finished : .broken)
        }
        place.update { $0.isMissing = true }
    }
}

/// Where the streams of a noise reducer find its worker.
struct ReducerPlace: Sendable {
    /// Sources that want it.
    var streamCount = 0
    var worker: Worker?
    /// Counts the workers, so that a loss is told of the right one.
    private(set) var number: UInt64 = 0
    private var lostNumber: UInt64 = 0
    /// Whether there is none to be had.
    var isMissing = false

    var isLost: Bool { lostNumber == number }

    mutating func come(_ worker: Worker) {
        number += 1
        self.worker = worker
        isMissing = false
    }

    mutating func lose(_ number: UInt64) {
        guard number == self.number else { return }
        lostNumber = number
        worker = nil
    }
}
