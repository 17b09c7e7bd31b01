import Flow

/// A thread that waits for sockets, deadlines and post, and runs its connections; it sleeps when there is nothing.
///
/// It is an executor too: an actor that names it in `unownedExecutor` runs between the sockets, so it must not block.
package final class LoopThread: SerialExecutor {
    let mailbox: Mailbox
    private let label: String
    private let ended = Latch()

    /// A loop that does not run yet; post waits.
    package init(label: String) throws(SystemError) {
        self.label = label
        mailbox = try Mailbox()
    }

    /// Starts the thread; `stop` ends it.
    package func start() throws(SystemError) {
        // Made here only to learn whether the system allows it; the thread makes its own, which never leaves it.
        _ = try Poller()
        DedicatedThread.detach(label: label) { [self] in
            if let loop = try? Loop(thread: self) { loop.run() }
            ended.open()
        }
    }

    /// Ends the thread after this turn; the post of later turns is thrown away.
    package func stop() {
        post(.run { $0.stop() })
    }

    /// Whether the thread has ended, or will never begin.
    package func waitUntilEnded() async { await ended.wait() }

    func post(_ mail: Mail) { mailbox.append(mail) }

    /// Runs `work` on the loop, after everything posted before.
    func run(_ work: @escaping @Sendable (Loop) -> Void) { post(.run(work)) }

    package func enqueue(_ job: consuming ExecutorJob) { post(.job(UnownedJob(job))) }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }
}
