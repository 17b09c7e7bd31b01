/// Tasks that outlive the call that started them, each cancellable, all ended with the service.
///
/// The one place for such tasks, so that none is ever left behind.
package final class TaskPool: Service {
    private struct Contents: Sendable {
        var tasks: [UInt64: Task<Void, Never>] = [:]
        var nextID: UInt64 = 0
        var isStopping = false
    }

    /// Ends one task of the pool.
    package struct Handle: Sendable {
        fileprivate let task: Task<Void, Never>?

        package func cancel() { task?.cancel() }

        /// Returns when the task has ended.
        package func wait() async { await task?.value }
    }

    private let contents = Monitor(Contents())

    package init() {}

    package var count: Int { contents.withLock { $0.tasks.count } }

    /// Starts a task; once the pool stops, nothing is started any more.
    ///
    /// - Parameter executor: Where it runs while it is not on an actor with an executor of its own.
    @discardableResult
    package func start(
        on executor: (any TaskExecutor)? = nil, _ work: @escaping @Sendable () async -> Void
    ) -> Handle {
        contents.withLock { contents in
            guard !contents.isStopping else { return Handle(task: nil) }
            contents.nextID += 1
            let id = contents.nextID
            let task = Task(executorPreference: executor) { [self] in  // Ended by its handle or by `run`.
                await work()
                self.contents.update { _ = $0.tasks.removeValue(forKey: id) }
            }
            contents.tasks[id] = task
            return Handle(task: task)
        }
    }

    /// Does what takes long on Swift's own threads, for a task that prefers another executor and must not hold it up.
    package static func aside<Result: Sendable>(_ work: @Sendable () -> Result) async -> Result {
        await withTaskExecutorPreference(globalConcurrentExecutor) { work() }
    }

    /// Waits until no task of the pool is left.
    ///
    /// - Returns: False when the waiting task was cancelled first.
    package func waitUntilEmpty() async -> Bool {
        await contents.wait { $0.tasks.isEmpty ? true : nil } ?? false
    }

    /// Waits until cancelled, then cancels every task and waits for all of them.
    package func run() async throws {
        _ = await contents.wait { (_: inout Contents) -> Bool? in nil }
        await stop()
    }

    /// Cancels every task and waits for all of them.
    package func stop() async {
        let running = contents.withLock { contents in
            contents.isStopping = true
            return Array(contents.tasks.values)
        }
        for task in running { task.cancel() }
        for task in running { await task.value }
    }
}
