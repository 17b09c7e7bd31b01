import Flow
import VoiceCore

/// Whether a server elsewhere is asked now, and when it is looked at next; the same for those that speak and that hear.
final class ServerHealth: Sendable {
    private let name: String
    private let kind: EngineKind
    /// How one is shown that nobody has asked yet.
    private let untried: EngineState.Phase
    private let limits: RemoteLimits
    private let log: Log
    private let circuit = Monitor(Circuit())
    /// When to look at the server next.
    private let alarm: Alarm

    init(of name: String, _ kind: EngineKind, untried: EngineState.Phase, limits: RemoteLimits, log: Log) {
        self.name = name
        self.kind = kind
        self.untried = untried
        self.limits = limits
        self.log = log
        alarm = Alarm(timeline: limits.timeline)
    }

    var state: EngineState { state(circuit.withLock { $0.phase }) }

    /// Waits until the state is another one than `known`; nil when the task was cancelled.
    func state(after known: EngineState?) async -> EngineState? {
        await circuit.wait { circuit in
            let state = self.state(circuit.phase)
            return state == known ? nil : state
        }
    }

    /// Why nobody may ask; nil where somebody may.
    var refusal: String? { circuit.withLock { $0.refusal } }

    /// Looks at the server at the start, now and then, and to see whether it is well again.
    func run(_ look: () async throws(RemoteFault) -> Void) async {
        while !Task.isCancelled {
            do throws(RemoteFault) {
                try await look()
                circuit.update { $0.answered() }
                setAlarm()
            } catch {
                if error != .cancelled { failed(error) }
            }
            await alarm.wait()
        }
    }

    /// Asks, and once more after a short pause that the server wished for.
    func ask<Answer: Sendable>(
        _ request: () async throws(RemoteFault) -> Answer
    ) async throws(RemoteFault) -> Answer {
        var repeats = limits.repeatCount
        while true {
            do throws(RemoteFault) {
                return try await request()
            } catch {
                guard case .tooMany(let wish) = error, repeats > 0 else { throw error }
                let pause = wish ?? .seconds(1)
                guard pause <= limits.shortPause else { throw error }
                repeats -= 1
                await limits.timeline.sleep(until: limits.timeline.now + pause)
                if Task.isCancelled { throw .cancelled }
            }
        }
    }

    /// It did what it is for.
    func didWork() { circuit.update { $0.spoke() } }

    func failed(_ fault: RemoteFault) {
        let reason = fault.sentence(engine: name)
        var pause: Duration?
        if case .tooMany(let wish) = fault { pause = wish }
        circuit.update { $0.failed(reason, isLasting: fault.isLasting, pause: pause, at: limits.timeline.now) }
        log.limited("failed").warning("remote.failed", ["engine": name, "reason": reason])
        setAlarm()
    }

    private func setAlarm() {
        if case .failed(let time, _) = circuit.withLock({ $0.phase }) {
            alarm.set(time)
        } else {
            alarm.set(limits.timeline.now + limits.refresh)
        }
    }

    private func state(_ phase: Circuit.Phase) -> EngineState {
        var state = EngineState(engine: name, phase: .ready, isRemote: true, kind: kind)
        switch phase {
        case .untried: state.phase = untried
        case .ready: break
        case .failed(_, let reason): (state.phase, state.reason) = (.failed, reason)
        }
        return state
    }
}
