import Flow
import Glibc

/// A program started by a test; what it writes to standard output and standard error is read to the end.
final class ChildProcess: Sendable {
    struct NotStarted: Error {
        let program: String
        let status: Int32
    }

    let pid: pid_t
    /// All that was written so far.
    let output = Monitor<[UInt8]>([])
    private let hasEnded = Monitor(false)

    /// - Parameters:
    ///   - environment: All of it, as `NAME=value`.
    ///   - descriptor: Which of its outputs is read: 1 or 2. The other one goes nowhere.
    init(_ arguments: [String], environment: [String], reading descriptor: Int32) throws {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw NotStarted(program: "pipe", status: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for other: Int32 in [0, 1, 2] where other != descriptor {
            unsafe posix_spawn_file_actions_addopen(&actions, other, "/dev/null", O_RDWR, 0)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], descriptor)
        var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var variables = unsafe environment.map { unsafe strdup($0) } + [nil]
        defer {
            unsafe words.forEach { unsafe free($0) }
            unsafe variables.forEach { unsafe free($0) }
        }
        var pid: pid_t = 0
        let status = unsafe posix_spawnp(&pid, arguments[0], &actions, nil, &words, &variables)
        close(ends[1])
        guard status == 0 else {
            close(ends[0])
            throw NotStarted(program: arguments[0], status: status)
        }
        self.pid = pid
        Self.read(ends[0], into: output)
    }

    /// Ends the program at once, if that was not done yet.
    func end() {
        let wasEnded = hasEnded.withLock { hasEnded in
            defer { hasEnded = true }
            return hasEnded
        }
        guard !wasEnded else { return }
        kill(pid, SIGKILL)
        var status: Int32 = 0
        _ = unsafe waitpid(pid, &status, 0)
    }

    /// Returns when the program has ended by itself; it must be one that takes no time.
    func wait() {
        hasEnded.withLock { $0 = true }
        var status: Int32 = 0
        _ = unsafe waitpid(pid, &status, 0)
    }

    /// Lets the program hang until it is ended.
    func pause() {
        kill(pid, SIGSTOP)
    }

    private static func read(_ readEnd: Int32, into output: Monitor<[UInt8]>) {
        DedicatedThread.detach(label: "child.output") {
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while true {
                let count = unsafe Glibc.read(readEnd, &buffer, buffer.count)
                if count <= 0 { break }
                let bytes = Array(buffer[..<count])
                output.update { $0 += bytes }
            }
            close(readEnd)
        }
    }
}
