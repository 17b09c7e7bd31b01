/// What lives on a loop thread: the members and their deadlines.
///
/// Not Sendable, and made on its thread, so that the compiler keeps it there.
final class Loop {
    let thread: LoopThread
    /// What its members did.
    let counters: LoopCounters
    let input: InputBudget
    /// When this turn began.
    private(set) var now = MonotonicTime.now()
    /// Lent to members during a call; never kept.
    let buffers = LoopBuffers()
    private var poller: Poller
    private var members = MemberTable()
    private var deadlines = DeadlineHeap()
    private var unflushed: [MemberID] = []
    private var letters: [Mail] = []
    private var phase = Phase.running

    /// How often post may give rise to post in one turn, so that tasks that keep each other busy do not hold up sockets.
    private static let mailRounds = 8

    private enum Phase {
        case running
        /// Ending in good order; what is left at `deadline` is abandoned.
        case draining(deadline: Duration, whenEmpty: @Sendable () -> Void)
        case stopped
    }

    /// The token of the mailbox; no member has generation 0.
    static let bell: UInt64 = 0

    /// - Parameter poller: Already watches the mailbox.
    init(thread: LoopThread, poller: consuming Poller) {
        self.thread = thread
        counters = thread.counters
        input = InputBudget(limit: thread.inputLimit)
        self.poller = poller
    }

    /// Turns until `stop`.
    func run() {
        while true {
            if case .stopped = phase { return }
            turn()
        }
    }

    func stop() {
        for member in members.all { member.abandon() }
        phase = .stopped
    }

    /// Asks every member to end, and abandons those left at the deadline.
    ///
    /// - Parameter whenEmpty: Called once, when the last member is gone.
    func drain(within limit: Duration, whenEmpty: @escaping @Sendable () -> Void) {
        phase = .draining(deadline: now + limit, whenEmpty: whenEmpty)
        for member in members.all { member.drain() }
    }

    private func turn() {
        let ready = wait()
        now = MonotonicTime.now()
        for readiness in ready {
            if readiness.token == Self.bell { thread.mailbox.silence() } else { deliver(readiness) }
        }
        deliverMail()
        for entry in deadlines.popAll(dueAt: now) { pass(entry) }
        flush()
        checkDrain()
    }

    private func wait() -> [Readiness] {
        guard thread.mailbox.fallAsleep() else { return poller.wait(.zero) }
        defer { thread.mailbox.wakeUp() }
        return poller.wait(nextDeadline.map { $0 - MonotonicTime.now() })
    }

    private var nextDeadline: Duration? {
        guard case .draining(let deadline, _) = phase else { return deadlines.first?.time }
        return min(deadline, deadlines.first?.time ?? deadline)
    }

    private func deliver(_ readiness: Readiness) {
        members.member(MemberID(token: readiness.token))?.ready(readiness)
    }

    /// Delivers what has come, and then what that gave rise to: a message, the task that answers it, and the answer
    /// share one turn.
    private func deliverMail() {
        for _ in 0..<Self.mailRounds {
            thread.mailbox.takeAll(into: &letters)
            if letters.isEmpty { return }
            for mail in letters { deliver(mail) }
        }
    }

    private func deliver(_ mail: Mail) {
        switch mail {
        case .job(let job): unsafe job.runSynchronously(on: thread.asUnownedTaskExecutor())
        case .run(let work): work(self)
        case .send(let id, let frame): member(id)?.sendFrame(frame)
        case .sendToMany(let ids, let frame):
            for id in ids { member(id)?.sendFrame(frame) }
        }
    }

    private func flush() {
        while !unflushed.isEmpty {
            let batch = unflushed
            unflushed = []
            for id in batch { members.takeUnflushed(id)?.turnEnded() }
        }
    }

    private func checkDrain() {
        guard case .draining(let deadline, let whenEmpty) = phase else { return }
        if now >= deadline { for member in members.all { member.abandon() } }
        guard members.count == 0 else { return }
        phase = .running
        whenEmpty()
    }
}

// What members ask of their loop.
extension Loop {
    /// The member of a name; nil once it is gone.
    func member(_ id: MemberID) -> (any LoopMember)? { members.member(id) }

    /// Takes a socket in; `install` follows at once.
    func register(_ descriptor: Int32, interest: Interest) throws(SystemError) -> MemberID {
        let id = members.reserve()
        do throws(SystemError) { try poller.add(descriptor, token: id.token, interest: interest) } catch {
            members.release(id)
            throw error
        }
        members[id]?.descriptor = descriptor
        members[id]?.interest = interest
        return id
    }

    /// Puts a member behind a name, or another one in its place.
    func install(_ member: any LoopMember, as id: MemberID) {
        members[id]?.member = member
        members[id]?.deadline = nil
        if case .draining = phase { member.drain() }
    }

    /// Forgets a member, whose socket must still be open.
    func remove(_ id: MemberID) {
        guard let slot = members[id] else { return }
        poller.remove(slot.descriptor)
        members.release(id)
    }

    /// Watches for something else.
    func watch(_ id: MemberID, for interest: Interest) {
        guard let slot = members[id], slot.interest != interest else { return }
        members[id]?.interest = interest
        poller.change(slot.descriptor, token: id.token, interest: interest)
    }

    /// Calls `deadlinePassed` at `time`; one deadline per member, nil for none.
    func setDeadline(_ time: Duration?, for id: MemberID) {
        guard var slot = members[id] else { return }
        slot.deadline = time
        if let time, slot.scheduled.map({ time < $0 }) ?? true {
            slot.scheduled = time
            deadlines.insert(DeadlineHeap.Entry(time: time, token: id.token))
        }
        members[id] = slot
    }

    /// Calls `turnEnded` when everything of this turn was delivered, so that it leaves in one write.
    func flushLater(_ id: MemberID) {
        if members.markUnflushed(id) { unflushed.append(id) }
    }

    /// Tells a member that watches for reading once more that it can read, after what is ready now.
    func readAgain(_ id: MemberID) {
        thread.run { loop in
            guard let slot = loop.members[id], slot.interest.contains(.reading) else { return }
            slot.member?.ready(.readable(id))
        }
    }

    /// A deadline that was moved back stays in the heap at its old time and is put back from here.
    private func pass(_ entry: DeadlineHeap.Entry) {
        let id = MemberID(token: entry.token)
        guard let slot = members[id], slot.scheduled == entry.time else { return }
        members[id]?.scheduled = nil
        guard let deadline = slot.deadline else { return }
        guard deadline <= now else { return setDeadline(deadline, for: id) }
        members[id]?.deadline = nil
        slot.member?.deadlinePassed()
    }
}
