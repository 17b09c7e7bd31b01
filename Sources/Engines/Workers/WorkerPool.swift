internal import Flow
internal import Wyoming

/// Starts and watches the worker processes of one engine; when it returns, no process and no socket of its is left.
final class WorkerPool: Service {
    private let engine: String
    private let command: WorkerCommand
    private let directory: String
    private let options: PoolOptions
    private let desk: WorkerDesk
    private let log: Log
    private let timeline = Timeline.live()

    /// - Parameter directory: Exists, and belongs to this server alone.
    init(
        engine: String, command: WorkerCommand, directory: String, options: PoolOptions, desk: WorkerDesk, log: Log
    ) {
        self.engine = engine
        self.command = command
        self.directory = directory
        self.options = options
        self.desk = desk
        self.log = log
    }

    func run() async throws {
        await withTaskCancellationHandler {
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<options.size { group.addTask { await self.keep(index) } }
            }
        } onCancel: {
            desk.pool.update { $0.stop() }
        }
    }

    /// Runs the workers of one slot, one after the other.
    private func keep(_ index: Int) async {
        let keeper = WorkerKeeper(label: "\(engine).\(index)")
        let thread = DedicatedThread(label: "\(engine).io.\(index)")
        // Back within a second after a death that comes alone.
        var backoff = Backoff(first: .milliseconds(100), cap: .seconds(5))
        var generation = 0
        while await desk.pool.wait(wakesOthers: true, { $0.claimStart(index) ? true : nil }) != nil {
            generation += 1
            let socket = "\(directory)/\(engine)-\(index)-\(generation).sock"
            switch await live(index, socket, thread, keeper) {
            case .asWanted: backoff.reset()
            case .died:
                backoff.reset()
                await timeline.sleep(until: timeline.now + backoff.next())
            case .neverReady: await timeline.sleep(until: timeline.now + backoff.next())
            }
        }
    }

    private enum Fate {
        case asWanted, died, neverReady
    }

    /// From the start of one process to its end.
    private func live(_ index: Int, _ socket: String, _ thread: DedicatedThread, _ keeper: WorkerKeeper) async -> Fate {
        let process: WorkerProcess
        do {
            process = try await keeper.start(command, socket: socket)
        } catch {
            return fail(index, "\(command.executable) could not be started: \(error)")
        }
        log.info("worker.started", ["slot": index, "pid": Int(process.id)])
        let worker = Worker(address: .unix(path: socket), thread: thread, process: process)
        let ended = Latch()
        async let end = keeper.waitForEnd(of: process, socket: socket, stopLimit: options.stopLimit, opening: ended)
        let wasReady = await withTaskCancellationHandler {
            await accompany(index, worker, process, until: ended)
        } onCancel: {
            process.stop()
        }
        return conclude(index, process, await end, wasReady: wasReady)
    }

    private func conclude(_ index: Int, _ process: WorkerProcess, _ end: ProcessEnd, wasReady: Bool) -> Fate {
        guard wasReady || Task.isCancelled else {
            return fail(index, "\(command.executable) did not become ready: \(end)")
        }
        let isWanted = desk.pool.update { $0.ended(index) } || Task.isCancelled
        let fields: Log.Fields = ["slot": index, "pid": Int(process.id), "end": end.description]
        if isWanted { log.info("worker.ended", fields) } else { log.warning("worker.died", fields) }
        return isWanted ? .asWanted : .died
    }

    private func fail(_ index: Int, _ reason: String) -> Fate {
        log.limited("start").error("worker.failed", ["slot": index, "reason": reason])
        desk.pool.update { $0.startFailed(index, reason: reason) }
        return .neverReady
    }
}

extension WorkerPool {
    /// Waits until the worker answers, then looks after it until it has ended.
    ///
    /// - Returns: Whether it ever answered.
    private func accompany(
        _ index: Int, _ worker: Worker, _ process: WorkerProcess, until ended: Latch
    ) async -> Bool {
        let line = EngineLine(worker)
        let begin = timeline.now
        guard let info = await line.firstInfo(within: options.startLimit) else {
            process.kill()
            return false
        }
        desk.info = info
        desk.startTime = timeline.now - begin
        desk.pool.update { $0.started(index, worker) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await ended.wait() }
            group.addTask { await self.checkSuspects(index, worker, process) }
            if let limit = options.idleLimit {
                group.addTask { await self.unloadWhenIdle(index, process, after: limit) }
            }
            await group.next()
            group.cancelAll()
        }
        return true
    }

    /// Kills the worker when it is not free soon after a request was cancelled; returns when cancelled itself.
    private func checkSuspects(_ index: Int, _ worker: Worker, _ process: WorkerProcess) async {
        while await desk.pool.wait({ $0.suspect(index) }) != nil {
            let isFree = await EngineLine(worker).isFree(within: options.cancelLimit)
            guard desk.pool.update({ $0.checked(index, isFree: isFree) }) else { continue }
            log.info("worker.killed", ["slot": index, "pid": Int(process.id), "reason": "busy after a cancel"])
            process.kill()
        }
    }

    /// Ends the worker when it had nothing to do for `limit`; returns when cancelled.
    private func unloadWhenIdle(_ index: Int, _ process: WorkerProcess, after limit: Duration) async {
        while let version = await desk.pool.wait({ $0.idleVersion(index) }) {
            await timeline.sleep(until: timeline.now + limit)
            if Task.isCancelled { return }
            guard desk.pool.update({ $0.unload(index, idleSince: version) }) else { continue }
            process.stop()
        }
    }
}
