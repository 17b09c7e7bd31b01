private import CSystem
private import Glibc
private import Synchronization

/// A thread of its own on which an actor runs, for C code that blocks.
///
/// An actor names it in `unownedExecutor`; the thread ends when the last reference goes.
package final class DedicatedThread: SerialExecutor {
    private let work: ThreadQueue

    /// - Parameter label: Shown by debuggers and `top -H`; the system keeps 15 bytes of it.
    package init(label: String) {
        let queue = ThreadQueue()
        work = queue
        Self.detach(label: label) { queue.runUntilFinished() }
    }

    deinit {
        work.finish()
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = unsafe asUnownedSerialExecutor()
        work.append { unsafe job.runSynchronously(on: executor) }
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    /// Starts a thread that runs `body` once and ends.
    package static func detach(label: String, _ body: @escaping @Sendable () -> Void) {
        let start = unsafe Unmanaged.passRetained(ThreadStart(label: label, body: body)).toOpaque()
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let status = unsafe pthread_create(&thread, &attributes, runThread, start)
        precondition(status == 0, "the system has no thread left")
    }

    /// A tenth of the weight of others, by the kernel's table (`sched_prio_to_weight`).
    private static let patience: Int32 = 10

    /// From now on the calling thread leaves the processor to others that have something to do; there is no way back.
    package static func stepBack() {
        // Of Linux, not of POSIX: who 0 is the thread, not its process.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, patience)
    }
}

/// What a new thread needs to begin.
private final class ThreadStart: Sendable {
    let label: String
    let body: @Sendable () -> Void

    init(label: String, body: @escaping @Sendable () -> Void) {
        self.label = label
        self.body = body
    }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    let start = unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
    _ = unsafe String(start.label.prefix(15)).withCString { unsafe CSystem.hearsay_name_thread($0) }
    start.body()
    return nil
}

/// The jobs of one thread.
///
/// `@unchecked Sendable`: `jobs` and `isFinished` are touched only while `mutex` is held.
@safe private final class ThreadQueue: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [() -> Void] = []
    private var isFinished = false

    init() {
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    func append(_ job: @escaping () -> Void) {
        locked { jobs.append(job) }
    }

    func finish() {
        locked { isFinished = true }
    }

    func runUntilFinished() {
        while let batch = nextBatch() {
            for job in batch { job() }
        }
    }

    private func locked(_ change: () -> Void) {
        unsafe pthread_mutex_lock(mutex)
        change()
        unsafe pthread_cond_signal(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    private func nextBatch() -> [() -> Void]? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while jobs.isEmpty {
            if isFinished { return nil }
            unsafe pthread_cond_wait(condition, mutex)
        }
        defer { jobs.removeAll() }
        return jobs
    }
}
