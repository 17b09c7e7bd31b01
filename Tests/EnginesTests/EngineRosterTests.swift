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
