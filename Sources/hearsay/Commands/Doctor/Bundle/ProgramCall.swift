import Flow
import Glibc

/// A program of the system that is called without a shell, with a clean environment, for a limited time.
struct ProgramCall: Hashable, Sendable {
    /// The program's name and its arguments.
    let words: [String]
    /// Where its standard output goes.
    let output: Int32

    /// Nothing of ours is passed on but where programs lie.
    private static let environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]

    /// - Returns: Its exit status, 128 and the number of a signal that ended it; nil if it could not be started or took
    ///   longer than `limit` and was ended.
    func run(within limit: Duration) async -> Int32? {
        guard let process = start() else { return nil }
        let ended = Monitor<Int32?>(nil)
        DedicatedThread.detach(label: "call") {
            let status = Self.wait(for: process)
            ended.update { $0 = status }
        }
        if let status = await Timeline.live().limit(limit, { await ended.wait { $0 } }) { return status }
        kill(process, SIGKILL)
        _ = await ended.wait { $0 }
        return nil
    }

    private func start() -> pid_t? {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        let variables = unsafe Self.environment.map { unsafe strdup($0) } + [nil]
        defer { unsafe (arguments + variables).forEach { unsafe free($0) } }
        var process: pid_t = 0
        let status = unsafe posix_spawnp(&process, words.first ?? "", &actions, nil, arguments, variables)
        return status == 0 ? process : nil
    }

    private static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            if errno != EINTR { return 127 }
        }
        // The low 7 bits are the signal that ended it; 0 means that it exited (wait(2)).
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
}
