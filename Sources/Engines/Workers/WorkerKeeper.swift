internal import Flow
private import Glibc

/// The thread on which the workers of one slot are started and waited for, one after the other.
actor WorkerKeeper {
    private let thread: DedicatedThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    init(label: String) {
        thread = DedicatedThread(label: label)
    }

    func start(_ command: WorkerCommand, socket: String) throws(SpawnError) -> WorkerProcess {
        // The directory is private to this server, so what lies there is left over from an earlier one.
        unsafe unlink(socket)
        return try WorkerProcess.start(command.words(socket: socket), environment: command.environment)
    }

    /// Returns when the process has ended and its socket is gone.
    func waitForEnd(
        of process: WorkerProcess, socket: String, stopLimit: Duration, opening ended: Latch
    ) -> ProcessEnd {
        let end = process.waitForEnd(stopLimit: stopLimit)
        unsafe unlink(socket)
        ended.open()
        return end
    }
}
