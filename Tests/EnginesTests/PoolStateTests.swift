@testable import Engines
import Flow
import Testing
import VoiceCore
import Wyoming

@Suite struct PoolStateTests {
    private let worker = Worker(address: .unix(path: "/none"), thread: DedicatedThread(label: "test"), process: nil)

    @Test func `one worker is started before it is asked for, the others when they are wanted`() {
        let state = Table(size: 3, isWarm: true)
        #expect(state.phase.phase == .starting)
        #expect(state.claimStart(0))
        #expect(!state.claimStart(0))
        #expect(!state.claimStart(1))
        state.started(0, worker)
        #expect(state.phase.phase == .ready)
        let first = state.enqueue()
        #expect(!state.claimStart(1))
        #expect(state.answer(first)?.lease?.slot == 0)
        let second = state.enqueue()
        #expect(state.answer(second) == nil)
        #expect(state.claimStart(1))
        #expect(!state.claimStart(2))
    }

    @Test func `a cold pool starts nothing until it is asked`() {
        let state = Table(size: 1, isWarm: false)
        #expect(state.phase.phase == .unloaded)
        #expect(!state.claimStart(0))
        _ = state.enqueue()
        #expect(state.phase.phase == .starting)
        #expect(state.claimStart(0))
    }

    @Test func `requests are served in the order in which they came`() throws {
        let state = ready()
        let tickets = [state.enqueue(), state.enqueue(), state.enqueue()]
        #expect(state.answer(tickets[1]) == nil)
        let first = try #require(state.answer(tickets[0])?.lease)
        state.withdraw(tickets[1])
        #expect(state.answer(tickets[2]) == nil)
        #expect(!state.giveBack(first, .finished))
        #expect(state.answer(tickets[2])?.lease != nil)
    }

    @Test func `a cancelled worker serves nobody until it is seen to be free`() throws {
        let state = ready()
        let lease = try #require(state.lend())
        #expect(!state.giveBack(lease, .cancelled))
        #expect(state.suspect(0) != nil)
        let ticket = state.enqueue()
        #expect(state.answer(ticket) == nil)
        #expect(!state.checked(0, isFree: true))
        #expect(state.answer(ticket)?.lease != nil)
    }

    @Test func `a worker that is still busy after a cancel is killed and replaced`() throws {
        let state = ready()
        let lease = try #require(state.lend())
        #expect(!state.giveBack(lease, .cancelled))
        #expect(state.checked(0, isFree: false))
        #expect(state.suspect(0) == nil)
        #expect(!state.claimStart(0))
        #expect(state.ended(0))
        #expect(state.claimStart(0))
    }

    @Test func `a lease of a worker that is gone says nothing about the next one`() throws {
        let state = ready()
        let old = try #require(state.lend())
        #expect(!state.ended(0))
        #expect(state.claimStart(0))
        state.started(0, worker)
        let new = try #require(state.lend())
        #expect(!state.giveBack(old, .broken))
        #expect(!state.giveBack(new, .finished))
        #expect(state.lend() != nil)
    }

    @Test func `requests are refused when the engine cannot be started, and served when it can again`() {
        let state = Table(size: 1, isWarm: true)
        let ticket = state.enqueue()
        for _ in 0..<3 {
            #expect(state.claimStart(0))
            #expect(state.answer(ticket) == nil)
            state.startFailed(0, reason: "no such file")
        }
        #expect(state.phase == EnginePhase(phase: .failed, reason: "no such file"))
        guard case .refused? = state.answer(ticket) else {
            Issue.record("the request waits")
            return
        }
        #expect(state.claimStart(0))
        let next = state.enqueue()
        #expect(state.answer(next) == nil)
        state.started(0, worker)
        #expect(state.answer(next)?.lease != nil)
    }

    @Test func `a worker is unloaded only if it was idle all the time`() throws {
        let state = ready()
        let version = try #require(state.idleVersion(0))
        let lease = try #require(state.lend())
        #expect(!state.unload(0, idleSince: version))
        #expect(!state.giveBack(lease, .finished))
        #expect(!state.unload(0, idleSince: version))
        let later = try #require(state.idleVersion(0))
        #expect(state.unload(0, idleSince: later))
        #expect(state.ended(0))
        #expect(state.phase.phase == .unloaded)
        #expect(!state.claimStart(0))
        _ = state.enqueue()
        #expect(state.claimStart(0))
    }

    @Test func `after the stop everything is refused and nothing is started`() {
        let state = ready()
        let ticket = state.enqueue()
        state.stop()
        guard case .refused? = state.answer(ticket) else {
            Issue.record("the request waits")
            return
        }
        #expect(state.ended(0))
        #expect(!state.claimStart(0))
    }

    @Test func `what can be spared waits until nobody else does, and starts no worker of its own`() throws {
        let state = Table(size: 2, isWarm: true)
        #expect(state.claimStart(0))
        state.started(0, worker)
        let lease = try #require(state.lend())
        let spare = state.enqueue(.spare)
        #expect(!state.claimStart(1))
        let urgent = state.enqueue()
        #expect(state.claimStart(1))
        #expect(!state.giveBack(lease, .finished))
        #expect(state.answer(spare) == nil)
        #expect(state.answer(urgent)?.lease != nil)
        state.started(1, worker)
        #expect(state.answer(spare)?.lease?.slot == 1)
    }

    @Test func `of too many that can be spared the oldest is shed, and nobody else ever`() throws {
        let state = ready()
        let lease = try #require(state.lend())
        let urgent = (0..<100).map { _ in state.enqueue() }
        let spare = (0..<9).map { _ in state.enqueue(.spare) }
        guard case .shed? = state.answer(spare[0]) else {
            Issue.record("the oldest one waits")
            return
        }
        for ticket in urgent + spare.dropFirst() { #expect(state.answer(ticket) == nil) }
        #expect(!state.giveBack(lease, .finished))
        #expect(state.answer(urgent[0])?.lease != nil)
    }

    @Test func `what can be spared has no more workers than it may have`() throws {
        let state = Table(size: 6, isWarm: true, spareSlotLimit: 2)
        let urgent = (0..<6).map { _ in state.enqueue() }
        for slot in 0..<6 {
            #expect(state.claimStart(slot))
            state.started(slot, worker)
        }
        let leases = try urgent.map { try #require(state.answer($0)?.lease) }
        for lease in leases { #expect(!state.giveBack(lease, .finished)) }
        let spare = (0..<4).map { _ in state.enqueue(.spare) }
        let first = try #require(state.answer(spare[0])?.lease)
        let second = try #require(state.answer(spare[1])?.lease)
        #expect(state.answer(spare[2]) == nil)
        #expect(state.lend() != nil)
        #expect(!state.giveBack(first, .finished))
        #expect(state.answer(spare[2])?.lease != nil)
        // One that was cancelled still works.
        #expect(!state.giveBack(second, .cancelled))
        #expect(state.answer(spare[3]) == nil)
        #expect(!state.checked(second.slot, isFree: true))
        #expect(state.answer(spare[3])?.lease != nil)
    }

    @Test func `a cold pool starts one worker for everything that can be spared`() {
        let state = Table(size: 2, isWarm: false)
        _ = (state.enqueue(.spare), state.enqueue(.spare))
        #expect(state.claimStart(0))
        #expect(!state.claimStart(1))
    }

    private func ready() -> Table {
        let state = Table(size: 1, isWarm: true)
        #expect(state.claimStart(0))
        state.started(0, worker)
        return state
    }
}

/// The rules behind a reference, so that a change can stand within an expectation.
private final class Table {
    private var rules: PoolState

    init(size: Int, isWarm: Bool, spareSlotLimit: Int? = nil) {
        rules = PoolState(size: size, isWarm: isWarm, spareSlotLimit: spareSlotLimit)
    }

    var phase: EnginePhase { rules.phase }
    func enqueue(_ urgency: Urgency = .now) -> UInt64 { rules.enqueue(urgency) }
    func withdraw(_ ticket: UInt64) { rules.withdraw(ticket) }
    func answer(_ ticket: UInt64) -> LeaseAnswer? { rules.answer(ticket) }
    func giveBack(_ lease: Lease, _ end: LeaseEnd) -> Bool { rules.giveBack(lease, end) }
    func claimStart(_ index: Int) -> Bool { rules.claimStart(index) }
    func started(_ index: Int, _ worker: Worker) { rules.started(index, worker) }
    func startFailed(_ index: Int, reason: String) { rules.startFailed(index, reason: reason) }
    func ended(_ index: Int) -> Bool { rules.ended(index) }
    func suspect(_ index: Int) -> Worker? { rules.suspect(index) }
    func checked(_ index: Int, isFree: Bool) -> Bool { rules.checked(index, isFree: isFree) }
    func idleVersion(_ index: Int) -> UInt64? { rules.idleVersion(index) }
    func unload(_ index: Int, idleSince version: UInt64) -> Bool { rules.unload(index, idleSince: version) }
    func stop() { rules.stop() }

    func lend() -> Lease? {
        let ticket = rules.enqueue()
        return rules.answer(ticket)?.lease
    }
}

extension LeaseAnswer {
    fileprivate var lease: Lease? { if case .granted(let lease) = self { lease } else { nil } }
}
