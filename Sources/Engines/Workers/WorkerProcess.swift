private import CSystem
private import Glibc
private import Synchronization

/// Why a worker could not be started: the `errno` of the failed call.
struct SpawnError: Error, Hashable, CustomStringConvertible {
    let number: Int32

    var description: String { unsafe String(cString: strerror(number)) }
}

/// How a process ended.
enum ProcessEnd: Hashable, Sendable, CustomStringConvertible {
    case exited(code: Int32)
    case signalled(number: Int32)

    /// - Parameter status: As `waitpid` gives it.
    init(status: Int32) {
        self = status & 0x7F == 0 ? .exited(code: status >> 8 & 0xFF) : .signalled(number: status & 0x7F)
    }

    var description: String {
        switch self {
        case .exited(let code): "it ended with code \(code)"
        case .signalled(let number): "it was ended by signal \(number)"
        }
    }
}

/// A child process in a group of its own, which ends with us whatever happens.
///
/// Its standard input is a pipe whose other end we hold; a worker ends when that closes. It must be started on a thread
/// that outlives it, because the system counts the end of that thread as the end of its parent.
final class WorkerProcess: Sendable {
    let id: Int32
    private let lifeline: Int32
    private let watch: Int32
    private let stopRequest: Int32
    /// False once the process is reaped, so that no signal ever meets another one with its number.
    private let isOurs = Mutex(true)

    private init(id: Int32, lifeline: Int32) throws(SpawnError) {
        self.id = id
        self.lifeline = lifeline
        watch = pidfd_open(id, 0)
        stopRequest = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        if watch >= 0, stopRequest >= 0 { return }
        let number = errno
        for descriptor in [watch, stopRequest, lifeline] where descriptor >= 0 { close(descriptor) }
        Glibc.kill(-id, SIGKILL)
        waitpid(id, nil, 0)
        throw SpawnError(number: number)
    }

    deinit {
        for descriptor in [watch, stopRequest, lifeline] { close(descriptor) }
    }

    /// Whether the process has ended and was reaped.
    var hasEnded: Bool { isOurs.withLock { !$0 } }

    /// Starts a program whose words and environment are given; it inherits no descriptor but standard error.
    static func start(_ words: [String], environment: [String]) throws(SpawnError) -> WorkerProcess {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe2(&ends, O_CLOEXEC) == 0 else { throw SpawnError(number: errno) }
        defer { close(ends[0]) }
        var id: Int32 = 0
        let number = spawn(&id, words, environment, input: ends[0])
        guard number == 0 else {
            close(ends[1])
            throw SpawnError(number: number)
        }
        return try WorkerProcess(id: id, lifeline: ends[1])
    }

    /// Asks the process to end; `waitForEnd` sees to it.
    func stop() {
        var one: UInt64 = 1
        _ = unsafe write(stopRequest, &one, MemoryLayout<UInt64>.size)
    }

    /// Ends the process and its group at once.
    func kill() {
        isOurs.withLock { if $0 { _ = Glibc.kill(-id, SIGKILL) } }
    }

    /// Blocks until the process has ended; after `stop` it is asked to by signal, and killed after `limit`.
    func waitForEnd(stopLimit limit: Duration) -> ProcessEnd {
        var isAsked = false
        while true {
            var entries = [
                pollfd(fd: watch, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isAsked ? -1 : stopRequest, events: Int16(POLLIN), revents: 0),
            ]
            let count = unsafe poll(&entries, 2, isAsked ? Int32(limit / .milliseconds(1)) : -1)
            if entries[0].revents != 0 { return reap() }
            if count == 0 { kill() }
            if entries[1].revents != 0 {
                isAsked = true
                Glibc.kill(-id, SIGTERM)
            }
        }
    }

    /// Takes the process's status, and whatever it has started itself out of the world.
    private func reap() -> ProcessEnd {
        var status: Int32 = 0
        isOurs.withLock { isOurs in
            Glibc.kill(-id, SIGKILL)
            while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
            isOurs = false
        }
        return ProcessEnd(status: status)
    }
}

extension WorkerProcess {
    /// - Returns: 0 or the error's number.
    private static func spawn(
        _ id: inout Int32, _ words: [String], _ environment: [String], input: Int32
    ) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        setAttributes(&attributes)
        let program = words.first ?? ""
        return unsafe withCStrings(words) { words in
            unsafe withCStrings(environment) { environment in
                unsafe posix_spawn(&id, program, &actions, &attributes, words, environment)
            }
        }
    }

    /// A group of its own, no signal blocked or ignored, since the server blocks those that end it.
    private static func setAttributes(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        unsafe sigemptyset(&none)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    }

    /// Lends a list as C wants it, ended by a null pointer.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = unsafe strings.map { unsafe strdup($0) }
        defer { unsafe copies.forEach { unsafe free($0) } }
        return unsafe body(copies + [nil])
    }
}
