import Flow

/// A thread that waits for sockets, deadlines and post, and runs its connections; it sleeps when there is nothing.
///
/// It is an executor too: a task that prefers it runs between the sockets, so it must not block.
package final class LoopThread: TaskExecutor {
    let mailbox: Mailbox
    let counters: LoopCounters
    /// How much unfinished input its connections may hold together.
    let inputLimit: Int
    private let poll: FileDescriptor
    private let label: String
    private let ended = Latch()

    /// A loop that does not run yet; post waits.
    package init(label: String, counters: LoopCounters = LoopCounters(), inputLimit: Int = .max) throws(SystemError) {
        self.label = label
        self.counters = counters
        self.inputLimit = inputLimit
        mailbox = try Mailbox()
        poll = try Poller.open()
        try Poller(descriptor: poll.number).add(mailbox.descriptor, token: Loop.bell, interest: .reading)
    }

    /// Starts the thread; `stop` ends it.
    package func start() {
        DedicatedThread.detach(label: label) { [self] in
            Loop(thread: self, poller: Poller(descriptor: poll.number)).run()
            ended.open()
        }
    }

    /// Ends the thread after this turn; the post of later turns is thrown away.
    package func stop() {
        post(.run { $0.stop() })
    }

    /// Returns when the thread has ended.
    package func waitUntilEnded() async { await ended.wait() }

    func post(_ mail: Mail) { mailbox.append(mail) }

    /// Runs `work` on the loop, after everything posted before.
    func run(_ work: @escaping @Sendable (Loop) -> Void) { post(.run(work)) }

    package func enqueue(_ job: consuming ExecutorJob) { post(.job(UnownedJob(job))) }
}
