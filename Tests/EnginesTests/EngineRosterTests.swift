import Engines
import Flow
import FoundationEssentials
import Glibc
import Testing
import VoiceCore

@Suite struct EngineRosterTests {
    @Test func `a voice is found by its id and by its engine's name`() async {
        let roster = EngineRoster([ToneEngine()], defaultVoice: "tone")
        #expect(await roster.synthesizer(for: "tone-slow")?.name == "tone")
        #expect(await roster.synthesizer(for: "tone/tone")?.name == "tone")
        #expect(await roster.synthesizer(for: "slt") == nil)
        #expect(await roster.voices().map(\.id) == ["tone", "tone-slow"])
        #expect(await roster.states() == [EngineState(engine: "tone", phase: .ready)])
    }

    @Test func `of two voices with one id the later one is named with its engine`() async {
        let roster = EngineRoster([ToneEngine(), ToneEngine()], defaultVoice: "tone")
        #expect(await roster.voices().map(\.id) == ["tone", "tone-slow", "tone/tone", "tone/tone-slow"])
    }

    /// An engine elsewhere with one voice, of a language if one is named.
    private struct Elsewhere: Engine {
        let name = "elsewhere"
        var language = "und"
        var isUnknown = false

        var state: EngineState { EngineState(engine: name, phase: .ready, isRemote: true) }
        func state(after known: EngineState?) async -> EngineState? { nil }
        func run() async throws {}
        func voices() async -> [Voice] {
            isUnknown ? [] : [Voice(id: "ann", engine: name, name: "ann", language: language, sampleRate: 24_000)]
        }
        func mayHave(_ voice: String) -> Bool { isUnknown }
        func synthesize(
            _ clause: Clause, emit: @Sendable (SynthesisPart) async -> Void
        ) async throws(SynthesisError) {}
    }

    private func flite() -> WyomingEngine {
        WyomingEngine.flite(executable: "/nowhere", directory: "/nowhere", log: Log(label: "test"))
    }

    @Test func `engines come and go while the roster runs, and each change is told`() async throws {
        let roster = EngineRoster([flite()], defaultVoice: "slt")
        var changes = roster.changes.cursor(after: 0)
        let running = Task { try await roster.run() }
        #expect(roster.add(ToneEngine()))
        #expect(!roster.add(ToneEngine()), "its name is taken")
        while let item = await changes.next() {
            if case .fact(_, let state) = item, state.engine == "tone", state.phase == .ready { break }
        }
        #expect(await roster.synthesizer(for: "tone") != nil)
        roster.remove(named: "tone")
        while let item = await changes.next() {
            if case .fact(_, let state) = item, state.engine == "tone", state.phase == .unloaded { break }
        }
        #expect(await roster.synthesizer(for: "tone") == nil)
        running.cancel()
        try await running.value
    }

    @Test func `voices that could be had are no voices yet`() async {
        let roster = EngineRoster([ToneEngine()], defaultVoice: "tone")
        let absent = Voice(
            id: "kokoro", engine: "kokoro", name: "kokoro", language: "en", sampleRate: 24_000, isInstalled: false,
            reason: "it was not fetched")
        roster.setAbsentVoices([absent])
        #expect(await roster.absentVoices() == [absent])
        #expect(await roster.voices().map(\.id) == ["tone", "tone-slow"])
        #expect(await roster.synthesizer(for: "kokoro") == nil)
    }

    @Test func `for a voice elsewhere a local one of its language stands in`() async {
        let roster = EngineRoster([ToneEngine(), flite(), Elsewhere(language: "en-GB")], defaultVoice: "rms")
        #expect(await roster.standIn(for: "ann", speaking: nil)?.voice.id == "rms")
        #expect(await roster.standIn(for: "elsewhere/ann", speaking: "en-US")?.synthesizer.name == "flite")
        #expect(await roster.standIn(for: "ann", speaking: "ja") == nil)
        #expect(await roster.standIn(for: "slt", speaking: nil) == nil)
    }

    @Test func `where no language is known the default voice stands in, else the first local one`() async {
        let local = EngineRoster([flite(), Elsewhere()], defaultVoice: "kal16")
        #expect(await local.standIn(for: "ann", speaking: nil)?.voice.id == "kal16")
        let remote = EngineRoster([flite(), Elsewhere()], defaultVoice: "ann")
        #expect(await remote.standIn(for: "ann", speaking: nil)?.voice.id == "slt")
    }

    @Test func `an engine that cannot tell its voices is asked for what is named with it`() async {
        let roster = EngineRoster([ToneEngine(), Elsewhere(isUnknown: true)], defaultVoice: "nova")
        #expect(await roster.synthesizer(for: "elsewhere/anything")?.name == "elsewhere")
        #expect(await roster.synthesizer(for: "nova")?.name == "elsewhere")
        #expect(await roster.synthesizer(for: "anything") == nil)
    }

    @Test func `every change of an engine's state is told`() async throws {
        let directory = "/tmp/hearsay-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        let flite = WyomingEngine.flite(
            executable: FliteRig.worker, directory: directory, options: FliteRig.options(), log: Log(label: "test"))
        let roster = EngineRoster([ToneEngine(), flite], defaultVoice: "slt")
        var cursor = roster.changes.cursor(filter: { $0.engine == "flite" })
        var phases: [EngineState.Phase] = []
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await roster.run() }
            while phases.last != .ready, case .fact(_, let state)? = await cursor.next() { phases.append(state.phase) }
            group.cancelAll()
        }
        #expect(phases == [.starting, .ready])
        #expect(await roster.states().map(\.engine) == ["tone", "flite"])
        #expect(await roster.synthesizer(for: "kal16")?.name == "flite")
        try FileManager.default.removeItem(atPath: directory)
    }
}
