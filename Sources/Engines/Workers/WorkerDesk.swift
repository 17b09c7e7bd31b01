internal import Flow
internal import Wyoming

/// Where requests wait for a worker, and where it is known what the engine offers and does.
final class WorkerDesk: Sendable {
    let pool: Monitor<PoolState>
    private let lastInfo = Monitor<Info?>(nil)
    private let lastStart = Monitor<Duration?>(nil)

    init(size: Int, isWarm: Bool, spareSize: Int? = nil) {
        pool = Monitor(PoolState(size: size, isWarm: isWarm, spareSlotLimit: spareSize))
    }

    /// What the engine last said about itself; nil until it answered for the first time.
    var info: Info? {
        get { lastInfo.withLock { $0 } }
        set { lastInfo.update { $0 = newValue } }
    }

    /// How long the last worker took until it answered; nil until one did.
    var startTime: Duration? {
        get { lastStart.withLock { $0 } }
        set { lastStart.update { $0 = newValue } }
    }

    /// What the workers hold in memory now; nil where none runs here.
    var memoryByteCount: Int? {
        let processes = pool.withLock { $0.workers.compactMap { $0.process?.id } }
        return processes.isEmpty ? nil : processes.reduce(0) { $0 + ProcessMemory.residentByteCount(of: $1) }
    }

    var phase: EnginePhase { pool.withLock { $0.phase } }

    /// Waits until the phase is another one than `known`; nil when the task was cancelled.
    func phase(after known: EnginePhase?) async -> EnginePhase? {
        await pool.wait { $0.phase == known ? nil : $0.phase }
    }

    /// Waits for a free worker; nil when the task was cancelled.
    func lease(_ urgency: Urgency = .now) async -> LeaseAnswer? {
        let ticket = pool.update { $0.enqueue(urgency) }
        if let answer = await pool.wait(wakesOthers: true, { $0.answer(ticket) }) { return answer }
        pool.update { $0.withdraw(ticket) }
        return nil
    }

    func giveBack(_ lease: Lease, _ end: LeaseEnd) {
        if pool.update({ $0.giveBack(lease, end) }) { lease.worker.process?.kill() }
    }
}
