private import CSystem
private import Flow
private import Glibc
private import Synchronization

/// The life of a worker process, the same for every engine.
package enum WorkerProgram {
    /// Serves on a Unix socket until standard input closes, a signal asks for the end, or the parent dies; then removes
    /// the socket and ends the process, in the middle of whatever the engine is doing.
    ///
    /// - Throws: When the socket cannot be made; nothing was served then.
    package static func serve(
        at path: String, answer: @escaping WorkerServer.Answer
    ) throws(TransportError) -> Never {
        let (ends, parent) = begin()
        let listener = try UnixListener(path: path)
        live(until: ends, parent: parent) { place throws(TransportError) in
            place.listener.withLock { $0 = listener }
            try WorkerServer(answer: answer).serve(listener)
        }
    }

    /// The same for an engine that takes its time to load: its socket appears when it can answer.
    ///
    /// - Parameters:
    ///   - connectionLimit: How many connections there may be at the same time.
    ///   - load: Called once; it may end the process instead of returning.
    package static func serve(
        at path: String, connectionLimit: Int = WorkerServer.connectionLimit,
        loading load: @escaping @Sendable () -> WorkerServer.Answer
    ) -> Never {
        let (ends, parent) = begin()
        live(until: ends, parent: parent) { place throws(TransportError) in
            let answer = load()
            let listener = try UnixListener(path: path)
            place.listener.withLock { $0 = listener }
            try WorkerServer(limit: connectionLimit, answer: answer).serve(listener)
        }
    }

    /// Before any thread starts, so that all of them leave the signals to `waitForEnd`.
    private static func begin() -> (ends: sigset_t, parent: pid_t) {
        let ends = blockEndSignals()
        let parent = getppid()
        _ = hearsay_end_with_parent(SIGTERM)
        return (ends, parent)
    }

    private static func live(
        until ends: sigset_t, parent: pid_t, _ work: @escaping @Sendable (ListenerPlace) throws(TransportError) -> Void
    ) -> Never {
        let place = ListenerPlace()
        // A parent that died before the request of `begin` took effect sends nothing any more.
        if getppid() != parent { finish(place, status: 0) }
        DedicatedThread.detach(label: "stdin") {
            waitForEndOfInput()
            _ = kill(getpid(), SIGTERM)
        }
        DedicatedThread.detach(label: "accept") {
            do throws(TransportError) {
                try work(place)
            } catch {
                finish(place, status: 1)
            }
        }
        waitForEnd(ends)
        finish(place, status: 0)
    }

    private static func blockEndSignals() -> sigset_t {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        for number in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&signals, number) }
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        return signals
    }

    private static func waitForEnd(_ signals: sigset_t) {
        var signals = signals
        var number: Int32 = 0
        while unsafe sigwait(&signals, &number) != 0 {}
    }

    private static func waitForEndOfInput() {
        var byte: UInt8 = 0
        while true {
            let count = unsafe read(STDIN_FILENO, &byte, 1)
            if count == 0 || (count < 0 && errno != EINTR) { return }
        }
    }

    /// `_exit`, because the engine's library may be at work in another thread and must not meet its own destructors.
    private static func finish(_ place: ListenerPlace, status: Int32) -> Never {
        place.listener.withLock { $0?.removeFile() }
        _exit(status)
    }
}

/// The worker's socket, once there is one.
private final class ListenerPlace: Sendable {
    let listener = Mutex<UnixListener?>(nil)
}
