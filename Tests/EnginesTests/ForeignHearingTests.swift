import Engines
import Flow
import Glibc
import Testing
import VoiceCore
import Wyoming

@Suite struct ForeignHearingTests {
    @Test func `a server of another maker gives text of all that was said`() async throws {
        let byteCount = Monitor(0)
        try await run { event, connection throws(TransportError) in
            switch event {
            case .audioChunk(let piece): byteCount.update { $0 += piece.pcm.count }
            case .audioStop: try connection.send(.transcript(HeardText(text: " Hello there. ", language: "en_GB")))
            default: break
            }
            return true
        } body: { engine in
            let audio = UtteranceAudio([Int16](repeating: 1, count: 4_000))
            let transcript = try await engine.transcribe(audio, as: Self.live) { _ in }
            #expect(transcript == Transcript(text: "Hello there.", language: "en-GB"))
            #expect(byteCount.withLock { $0 } == 8_000)
            #expect(engine.readings == [])
            #expect(engine.state.isRemote)
        }
    }

    @Test func `text that such a server sends in pieces is confirmed, and only grows`() async throws {
        let partials = PartialRecording()
        try await run { event, connection throws(TransportError) in
            guard case .audioStop = event else { return true }
            for text in ["Hello", " there", "."] { try connection.send(.transcriptChunk(text: text)) }
            try connection.send(.transcript(HeardText(text: "Hello there.")))
            return true
        } body: { engine in
            let transcript = try await engine.transcribe(UtteranceAudio([1, 2]), as: Self.live) { partials.take($0) }
            #expect(transcript?.text == "Hello there.")
            #expect(partials.all.map(\.confirmed) == ["Hello", "Hello there", "Hello there."])
        }
    }

    @Test func `a server that ends the utterance itself is believed`() async throws {
        try await run { event, connection throws(TransportError) in
            if case .audioChunk = event { try connection.send(.transcript(HeardText(text: "stop"))) }
            return true
        } body: { engine in
            let audio = UtteranceAudio()
            #expect(audio.append([Int16](repeating: 1, count: 512)))
            let transcript = try await engine.transcribe(audio, as: Self.live) { _ in }
            #expect(transcript?.text == "stop")
        }
    }

    @Test func `a second reading is not asked of a server that has none`() async throws {
        try await run { _, _ throws(TransportError) in
            true
        } body: { engine in
            await #expect(throws: TranscriptionError.unsupported(engine: "far")) {
                try await engine.transcribe(UtteranceAudio([1]), as: TranscriptionRequest(reading: .second)) { _ in }
            }
        }
    }

    @Test func `a cancelled reading ends without an error though nobody answers`() async throws {
        let isHeard = Latch()
        try await run { event, _ throws(TransportError) in
            if case .audioChunk = event { isHeard.open() }
            return true
        } body: { engine in
            let audio = UtteranceAudio()
            #expect(audio.append([1, 2, 3]))
            try await withThrowingTaskGroup(of: Transcript?.self) { group in
                group.addTask { try await engine.transcribe(audio, as: Self.live) { _ in } }
                await isHeard.wait()
                group.cancelAll()
                let outcome = try await group.next()
                #expect(outcome == .some(nil))
            }
        }
    }

    private static let live = TranscriptionRequest(reading: .live(partials: true))

    /// Runs a recogniser on a server in this process, whose audio events `hear` answers.
    private func run(
        hear: @escaping WorkerServer.Answer, body: @escaping @Sendable (WyomingTranscriber) async throws -> Void
    ) async throws {
        let path = "/tmp/hearsay-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).sock"
        let listener = try UnixListener(path: path)
        DedicatedThread.detach(label: "server") {
            let server = WorkerServer { event, connection throws(TransportError) in
                guard case .describe = event else { return try hear(event, &connection) }
                let maker = Attribution(name: "somebody", url: "http://x.example")
                let artifact = Artifact(name: "whisper", attribution: maker)
                let model = HearingModel(artifact: artifact, languages: ["en"])
                try connection.send(.info(Info(hearing: [HearingProgram(artifact: artifact, models: [model])])))
                return true
            }
            try? server.serve(listener)
        }
        let engine = try #require(
            WyomingTranscriber(
                name: "far", address: "unix:\(path)", options: PoolOptions(size: 1), log: Log(label: "test")))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run() }
            defer { group.cancelAll() }
            try await body(engine)
        }
        listener.removeFile()
    }
}
