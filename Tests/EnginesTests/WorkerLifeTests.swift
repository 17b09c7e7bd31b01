import Engines
import Flow
import Glibc
import Testing
import VoiceCore

/// One after the other, since each has processes of its own that use a core.
@Suite(.serialized) struct WorkerLifeTests {
    @Test func `a cancelled request ends early and the same worker serves the next one`() async throws {
        try await FliteRig.run { rig in
            await rig.wait(for: .ready)
            let processes = rig.processes
            let whole = try await rig.samples(of: FliteRig.longText)
            let recording = Recording()
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    // Without an error: whoever cancels knows it.
                    await #expect(throws: Never.self) {
                        try await rig.engine.synthesize(Clause(text: FliteRig.longText, voice: "slt")) { part in
                            recording.take(part)
                            // The reader is slow, so that the worker still has something to say.
                            if case .audio = part { await Latch().wait() }
                        }
                    }
                }
                await recording.waitForAudio()
                group.cancelAll()
            }
            #expect(recording.samples.count < whole.count / 4)
            #expect(try await rig.samples(of: FliteRig.longText) == whole)
            #expect(rig.processes == processes)
        }
    }

    @Test func `a worker that does not come free after a cancel is killed and replaced`() async throws {
        try await FliteRig.run(FliteRig.options(cancelLimit: .milliseconds(100))) { rig in
            await rig.wait(for: .ready)
            let processes = rig.processes
            let recording = Recording()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await rig.speak(FliteRig.longText, into: recording) }
                await recording.waitForAudio()
                rig.signal(SIGSTOP)
                group.cancelAll()
            }
            let last = try await rig.samples(of: "And on.")
            #expect(!last.isEmpty)
            #expect(rig.processes.count == 1 && rig.processes != processes)
        }
    }

    @Test func `a worker killed in mid-clause costs no sample and repeats none`() async throws {
        try await FliteRig.run { rig in
            let whole = try await rig.samples(of: FliteRig.longText)
            let recording = Recording()
            let isKilled = Monitor(false)
            try await rig.engine.synthesize(Clause(text: FliteRig.longText, voice: "slt")) { part in
                recording.take(part)
                guard case .audio = part,
                    isKilled.update({ wasKilled in
                        defer { wasKilled = true }
                        return !wasKilled
                    })
                else { return }
                rig.signal(SIGKILL)
            }
            #expect(isKilled.withLock { $0 })
            #expect(recording.samples == whole)
            #expect(!recording.words.isEmpty)
        }
    }

    @Test func `a clause over which two workers died is given up`() async throws {
        try await FliteRig.run { rig in
            await #expect(throws: SynthesisError.died(engine: "flite")) {
                let text = FliteRig.longText + FliteRig.longText
                let killed = Monitor<Set<Int32>>([])
                try await rig.engine.synthesize(Clause(text: text, voice: "slt")) { part in
                    // Only workers that are ready: one that dies while it starts is another case.
                    let processes = rig.processes
                    guard case .audio = part, rig.engine.state.phase == .ready,
                        !killed.withLock({ $0.isSuperset(of: processes) })
                    else { return }
                    killed.update { $0.formUnion(processes) }
                    rig.signal(SIGKILL)
                }
            }
            let last = try await rig.samples(of: "And on.")
            #expect(!last.isEmpty)
        }
    }

    @Test func `an idle worker that dies is replaced without anybody asking`() async throws {
        try await FliteRig.run { rig in
            await rig.wait(for: .ready)
            let processes = rig.processes
            rig.signal(SIGKILL)
            await rig.wait(for: .starting)
            await rig.wait(for: .ready)
            #expect(rig.processes.count == 1 && rig.processes != processes)
        }
    }

    @Test func `a worker that falls silent is given up`() async throws {
        var options = FliteRig.options()
        options.silenceLimit = .seconds(1)
        try await FliteRig.run(options) { rig in
            await rig.wait(for: .ready)
            rig.signal(SIGSTOP)
            await #expect(throws: SynthesisError.timedOut(engine: "flite")) { try await rig.samples(of: "Hello.") }
            let last = try await rig.samples(of: "And on.")
            #expect(!last.isEmpty)
        }
    }

    @Test func `two requests are spoken at the same time by two workers`() async throws {
        try await FliteRig.run(FliteRig.options(size: 2)) { rig in
            let sounding = Monitor(0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for voice in ["slt", "rms"] {
                    group.addTask {
                        let hasBegun = Monitor(false)
                        try await rig.engine.synthesize(Clause(text: FliteRig.longText, voice: voice)) { part in
                            guard case .audio = part, !hasBegun.withLock({ $0 }) else { return }
                            hasBegun.update { $0 = true }
                            sounding.update { $0 += 1 }
                            _ = await sounding.wait { $0 == 2 ? true : nil }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(rig.processes.count == 2)
        }
    }

    @Test func `more requests than workers wait for their turn`() async throws {
        try await FliteRig.run { rig in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await rig.samples(of: "Wait for it.").count } }
                var counts: Set<Int> = []
                for try await count in group { counts.insert(count) }
                #expect(counts.count == 1)
            }
            #expect(rig.processes.count == 1)
        }
    }

    @Test func `a worker that ignores the end is killed at shutdown`() async throws {
        var options = FliteRig.options()
        options.stopLimit = .milliseconds(50)
        try await FliteRig.run(options) { rig in
            await rig.wait(for: .ready)
            rig.signal(SIGSTOP)
        }
    }

    @Test func `a worker without work is unloaded and comes back when it is needed`() async throws {
        var options = FliteRig.options()
        options.idleLimit = .milliseconds(50)
        try await FliteRig.run(options) { rig in
            await rig.wait(for: .ready)
            await rig.wait(for: .unloaded)
            let last = try await rig.samples(of: "Back again.")
            #expect(!last.isEmpty)
            await rig.wait(for: .unloaded)
        }
    }

    @Test(arguments: ["/nonexistent/worker", "/bin/false"])
    func `an engine that cannot be started says so`(executable: String) async throws {
        try await FliteRig.run(executable: executable) { rig in
            await #expect(throws: SynthesisError.notReady(engine: "flite")) { try await rig.samples(of: "Hello.") }
            #expect(rig.engine.state.phase == .failed)
            #expect(rig.engine.state.reason?.contains(executable) == true)
            #expect(await rig.engine.voices().count == 4)
        }
    }

    @Test func `after a hundred random cancels nothing is stuck`() async throws {
        try await FliteRig.run(FliteRig.options(size: 2)) { rig in
            for round in 0..<100 {
                await withTaskGroup(of: Void.self) { group in
                    let recording = Recording()
                    group.addTask { try? await rig.speak(FliteRig.longText, voice: "kal16", into: recording) }
                    if round % 3 != 0 { await recording.waitForAudio() }
                    group.cancelAll()
                }
            }
            let last = try await rig.samples(of: "And on.")
            #expect(!last.isEmpty)
        }
    }
}
