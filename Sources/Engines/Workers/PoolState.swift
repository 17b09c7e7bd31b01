internal import VoiceCore

/// What an engine is doing, and why it failed.
struct EnginePhase: Hashable, Sendable {
    var phase: EngineState.Phase
    var reason: String?
}

/// Decides which worker serves which request, and when workers are started; knows no process and no clock.
struct PoolState: Sendable {
    enum Slot: Sendable {
        /// No process; the next one may be started when it is wanted.
        case empty
        case starting
        case idle(Worker)
        case leased(Worker)
        /// Cancelled, and not yet seen to be free.
        case suspect(Worker)
        /// About to end by our wish; serves nobody.
        case ending
    }

    private var slots: [Slot]
    /// Counts the changes of each slot, so that a lease or a timer knows whether it is still about the same worker.
    private var versions: [UInt64]
    /// Requests that wait, first come first served; the spare ones after all others.
    private var waiting: [UInt64] = []
    /// Those that wait and can be spared, in their order.
    private var spare: [UInt64] = []
    /// A second reading is worth something while people still look at its text: a handful of utterances later it is not.
    private static let spareLimit = 8
    /// The slots whose workers serve spare requests: slowly, since they work only in the time that others leave.
    private var spareSlots: Set<Int> = []
    private let spareSlotLimit: Int
    private var nextTicket: UInt64 = 0
    /// Whether slot 0 starts without being asked for.
    private var wantsWarm: Bool
    /// Why the last start failed; nil once one succeeded.
    private var failure: String?
    /// How many starts failed one after the other.
    private var failureCount = 0
    /// A worker may be ended from outside while it starts; so many failures in a row are no accident.
    private static let toleratedFailures = 2
    private var isStopping = false

    /// - Parameter spareSlotLimit: How many workers may serve spare requests at the same time; nil for all.
    init(size: Int, isWarm: Bool, spareSlotLimit: Int? = nil) {
        self.spareSlotLimit = spareSlotLimit ?? size
        slots = Array(repeating: .empty, count: size)
        versions = Array(repeating: 0, count: size)
        wantsWarm = isWarm
    }

    var phase: EnginePhase {
        var isStarting = false
        for slot in slots {
            switch slot {
            case .idle, .leased, .suspect: return EnginePhase(phase: .ready)
            case .starting: isStarting = true
            case .empty, .ending: break
            }
        }
        if isStopping { return EnginePhase(phase: .unloaded) }
        if let failure, failureCount > Self.toleratedFailures {
            return EnginePhase(phase: .failed, reason: failure)
        }
        return EnginePhase(phase: isStarting || wantsWarm || !waiting.isEmpty ? .starting : .unloaded)
    }
}

// Requests
extension PoolState {
    /// Makes a request wait; of too many spare ones, the oldest is shed.
    mutating func enqueue(_ urgency: Urgency = .now) -> UInt64 {
        nextTicket += 1
        switch urgency {
        case .now: waiting.insert(nextTicket, at: waiting.count - spare.count)
        case .spare:
            waiting.append(nextTicket)
            spare.append(nextTicket)
            if spare.count > Self.spareLimit { withdraw(spare[0]) }
        }
        return nextTicket
    }

    mutating func withdraw(_ ticket: UInt64) {
        waiting.removeAll { $0 == ticket }
        spare.removeAll { $0 == ticket }
    }

    /// The answer for a waiting request; nil while it has to wait.
    mutating func answer(_ ticket: UInt64) -> LeaseAnswer? {
        if isStopping || (phase.phase == .failed && !hasStartingSlot) {
            withdraw(ticket)
            return .refused
        }
        guard let next = waiting.first, next == ticket else { return waiting.contains(ticket) ? nil : .shed }
        let isSpare = spare.contains(ticket)
        if isSpare, spareSlots.count >= spareSlotLimit { return nil }
        for (index, slot) in slots.enumerated() {
            guard case .idle(let worker) = slot else { continue }
            withdraw(ticket)
            set(index, .leased(worker))
            if isSpare { spareSlots.insert(index) }
            return .granted(Lease(slot: index, version: versions[index], worker: worker))
        }
        return nil
    }

    /// - Returns: Whether the lease's worker has to be killed.
    mutating func giveBack(_ lease: Lease, _ end: LeaseEnd) -> Bool {
        guard versions[lease.slot] == lease.version else { return false }
        switch end {
        case .finished: set(lease.slot, .idle(lease.worker))
        case .cancelled: set(lease.slot, .suspect(lease.worker))
        case .broken: set(lease.slot, .ending)
        }
        return end == .broken
    }

    private var hasStartingSlot: Bool {
        slots.contains { if case .starting = $0 { true } else { false } }
    }
}

// Workers
extension PoolState {
    /// Workers that run and have answered.
    var workers: [Worker] {
        slots.compactMap { slot in
            switch slot {
            case .idle(let worker), .leased(let worker), .suspect(let worker): worker
            case .empty, .starting, .ending: nil
            }
        }
    }

    /// Whether the slot shall start a worker now; it counts as starting then.
    mutating func claimStart(_ index: Int) -> Bool {
        guard !isStopping, case .empty = slots[index] else { return false }
        var comingCount = 0
        for slot in slots {
            switch slot {
            case .starting, .idle: comingCount += 1
            default: break
            }
        }
        guard index == 0 && wantsWarm || wantedCount > comingCount else { return false }
        set(index, .starting)
        return true
    }

    /// How many workers the waiting requests are worth; all spare ones together no more than the first.
    private var wantedCount: Int {
        let urgentCount = waiting.count - spare.count
        if urgentCount > 0 || spare.isEmpty { return urgentCount }
        let isAlone = slots.allSatisfy { if case .empty = $0 { true } else { false } }
        return isAlone ? 1 : 0
    }

    mutating func started(_ index: Int, _ worker: Worker) {
        failure = nil
        failureCount = 0
        set(index, .idle(worker))
    }

    mutating func startFailed(_ index: Int, reason: String) {
        failure = reason
        failureCount += 1
        set(index, .empty)
    }

    /// The worker is gone.
    ///
    /// - Returns: Whether we wanted that.
    mutating func ended(_ index: Int) -> Bool {
        let isWanted = if case .ending = slots[index] { true } else { isStopping }
        set(index, .empty)
        return isWanted
    }

    /// The worker that was cancelled in this slot and not yet checked.
    func suspect(_ index: Int) -> Worker? {
        if case .suspect(let worker) = slots[index] { worker } else { nil }
    }

    /// - Returns: Whether the worker has to be killed.
    mutating func checked(_ index: Int, isFree: Bool) -> Bool {
        guard case .suspect(let worker) = slots[index] else { return false }
        // It was in use a moment ago: the next one is started at once, before somebody waits for it.
        if !isFree { wantsWarm = true }
        set(index, isFree ? .idle(worker) : .ending)
        return !isFree
    }

    /// The slot's version while its worker is idle.
    func idleVersion(_ index: Int) -> UInt64? {
        if case .idle = slots[index] { versions[index] } else { nil }
    }

    /// - Returns: Whether the worker shall be ended, having been idle since `version`; it serves nobody any more then.
    mutating func unload(_ index: Int, idleSince version: UInt64) -> Bool {
        guard idleVersion(index) == version else { return false }
        wantsWarm = false
        set(index, .ending)
        return true
    }

    /// What became of a remote server's connection: free again after a cancelled request, or given up.
    enum RemoteEvent: Hashable, Sendable {
        case freed, ended
    }

    /// Notices a cancelled or broken request of a connection to a remote server; nil while there is none.
    mutating func remoteEvent(_ index: Int) -> RemoteEvent? {
        switch slots[index] {
        case .suspect(let worker):
            set(index, .idle(worker))
            return .freed
        case .ending:
            set(index, .empty)
            return .ended
        default: return nil
        }
    }

    /// Refuses every request from now on and starts nothing more.
    mutating func stop() {
        isStopping = true
    }

    private mutating func set(_ index: Int, _ slot: Slot) {
        slots[index] = slot
        versions[index] += 1
        switch slot {
        case .leased, .suspect: break
        case .empty, .starting, .idle, .ending: spareSlots.remove(index)
        }
    }
}
