import Flow
import Glibc
import Remote

/// A command that the shell runs, with something on its standard input.
struct ShellCommand: Sendable {
    private let text: String
    private let variables: [String: String]

    /// - Parameter variables: Added to this process's environment.
    init(_ text: String, variables: [String: String] = [:]) {
        self.text = text
        self.variables = variables
    }

    /// - Returns: Its exit status, 128 and the number of a signal that ended it, or 127 if it could not be started.
    func run(input: [UInt8]) async -> Int32 {
        let result = Monitor<Int32?>(nil)
        DedicatedThread.detach(label: "exec") {
            let status = runBlocking(input)
            result.update { $0 = status }
        }
        return await result.wait { $0 } ?? 127
    }

    private func runBlocking(_ input: [UInt8]) -> Int32 {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { return 127 }
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        guard let process = start(standardInput: ends[0]) else {
            for end in ends { close(end) }
            return 127
        }
        close(ends[0])
        FileBytes.write(input, to: ends[1])
        close(ends[1])
        return Self.wait(for: process)
    }

    private func start(standardInput: Int32) -> pid_t? {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, standardInput, 0)
        unsafe posix_spawn_file_actions_addclose(&actions, standardInput)
        var process: pid_t = 0
        let status = unsafe Self.withCStrings(["sh", "-c", text]) { arguments in
            unsafe Self.withCStrings(environment) { variables in
                unsafe posix_spawn(&process, "/bin/sh", &actions, nil, arguments, variables)
            }
        }
        return status == 0 ? process : nil
    }

    private var environment: [String] {
        var lines: [String] = []
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            lines.append(unsafe String(cString: text))
            unsafe entry += 1
        }
        let kept = lines.filter { line in !variables.keys.contains { line.hasPrefix($0 + "=") } }
        return kept + variables.map { "\($0.key)=\($0.value)" }
    }

    private static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            if errno != EINTR { return 127 }
        }
        // The low 7 bits are the signal that ended it; 0 means that it exited (wait(2)).
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let copies = unsafe texts.map { unsafe strdup($0) } + [nil]
        defer { unsafe copies.forEach { unsafe free($0) } }
        return unsafe copies.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else {
                preconditionFailure("the list ends with nil, so it is not empty")
            }
            return unsafe body(base)
        }
    }
}
