import Flow
import Glibc

/// Ctrl-C and SIGTERM while a command runs.
enum Interrupts {
    /// Runs `body`; the first signal opens the latch, the second ends the process at once.
    static func opening<Result: Sendable>(
        _ latch: Latch, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        Signals.install()
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                while await Signals.next() != nil {
                    if latch.isOpen { exit(ExitCode.aborted.rawValue) }
                    latch.open()
                }
                return nil
            }
            group.addTask { try await body() }
            defer { group.cancelAll() }
            while let next = try await group.next() {
                if let next { return next }
            }
            throw CancellationError()
        }
    }

    /// Runs `body` until it ends or a signal cancels it.
    ///
    /// - Returns: nil after a signal.
    static func cancelling<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result? {
        Signals.install()
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                _ = await Signals.next()
                return nil
            }
            group.addTask { try await body() }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
