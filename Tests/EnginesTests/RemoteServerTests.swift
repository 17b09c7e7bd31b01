import Engines
import Flow
import Glibc
import Testing
import VoiceCore
import Wyoming

@Suite struct RemoteServerTests {
    @Test func `a server elsewhere offers its voices and speaks`() async throws {
        try await run { event, connection throws(TransportError) in
            try connection.send(.audioStart(AudioStart(shape: Self.shape)))
            try connection.send(.audioChunk(AudioPiece(shape: Self.shape, pcm: [1, 0, 2, 0])))
            try connection.send(.audioStop)
            return true
        } body: { engine in
            let recording = Recording()
            try await engine.synthesize(Clause(text: "Hello", voice: "amy")) { recording.take($0) }
            #expect(recording.samples == [1, 2])
            #expect(await engine.voices().map(\.language) == ["en-GB"])
        }
    }

    @Test func `the engine's own error is told`() async throws {
        try await run { event, connection throws(TransportError) in
            try connection.send(.error(text: "no ink", code: "empty"))
            return true
        } body: { engine in
            await #expect(throws: SynthesisError.failed(engine: "far", message: "no ink")) {
                try await engine.synthesize(Clause(text: "Hello", voice: "amy")) { _ in }
            }
        }
    }

    @Test func `a server that hangs up twice is given up, and asked again later`() async throws {
        let callCount = Monitor(0)
        try await run { event, connection throws(TransportError) in
            if callCount.update({
                $0 += 1; return $0 <= 2
            }) {
                return false
            }
            try connection.send(.audioStart(AudioStart(shape: Self.shape)))
            try connection.send(.audioStop)
            return true
        } body: { engine in
            await #expect(throws: SynthesisError.died(engine: "far")) {
                try await engine.synthesize(Clause(text: "Hello", voice: "amy")) { _ in }
            }
            try await engine.synthesize(Clause(text: "Hello", voice: "amy")) { _ in }
        }
    }

    @Test func `samples of an unknown width are refused`() async throws {
        try await run { event, connection throws(TransportError) in
            let shape = AudioShape(rate: 8_000, width: 4)
            try connection.send(.audioChunk(AudioPiece(shape: shape, pcm: [1, 0, 2, 0])))
            return true
        } body: { engine in
            await #expect(throws: SynthesisError.failed(engine: "far", message: "samples of 32 bits")) {
                try await engine.synthesize(Clause(text: "Hello", voice: "amy")) { _ in }
            }
        }
    }

    private static let shape = AudioShape(rate: 22_050)

    private static let info = Info(speech: [
        SpeechProgram(
            artifact: artifact("piper"), voices: [EngineVoice(artifact: artifact("amy"), languages: ["en_GB"])])
    ])

    private static func artifact(_ name: String) -> Artifact {
        Artifact(name: name, attribution: Attribution(name: "somebody", url: "http://x.example"))
    }

    /// Runs an engine on a server in this process, whose requests for speech `speak` answers.
    private func run(
        speak: @escaping WorkerServer.Answer, body: @escaping @Sendable (WyomingEngine) async throws -> Void
    ) async throws {
        let path = "/tmp/hearsay-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).sock"
        let listener = try UnixListener(path: path)
        let info = Self.info
        DedicatedThread.detach(label: "server") {
            let server = WorkerServer { event, connection throws(TransportError) in
                switch event {
                case .describe: try connection.send(.info(info))
                case .synthesize: return try speak(event, &connection)
                default: break
                }
                return true
            }
            try? server.serve(listener)
        }
        let engine = WyomingEngine(
            name: "far", address: .unix(path: path), options: PoolOptions(size: 1), log: Log(label: "test"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run() }
            try await body(engine)
            group.cancelAll()
        }
        listener.removeFile()
    }
}
