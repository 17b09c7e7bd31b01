import Flow
import Glibc
import Testing
import Wyoming

@Suite struct HearingWorkerTests {
    @Test func `what is understood so far is told while the worker keeps up`() async throws {
        try await talk { address throws(TransportError) in
            var connection = try WyomingConnection.connect(to: address)
            try connection.send(.transcribe(Self.withPartials))
            for count in 1...3 {
                try connection.send(.audioChunk(Self.piece))
                #expect(
                    try connection.receive(timeout: .seconds(60)) == .partialTranscript(HeardText(text: "\(count)")))
            }
            try connection.send(.audioStop)
            #expect(try connection.receive(timeout: .seconds(60)) == .transcript(HeardText(text: "3 in all")))
        }
    }

    @Test func `under load partial text is given up, and the final text never`() async throws {
        try await talk { address throws(TransportError) in
            // The first one has the engine, so that all of the second one waits when its turn comes.
            var first = try WyomingConnection.connect(to: address)
            try first.send(.transcribe(Self.withPartials))
            try first.send(.audioChunk(Self.piece))
            _ = try first.receive(timeout: .seconds(60))
            var second = try WyomingConnection.connect(to: address)
            try second.send(.transcribe(Self.withPartials))
            for _ in 0..<50 { try second.send(.audioChunk(Self.piece)) }
            try second.send(.audioStop)
            try first.send(.audioStop)
            #expect(try first.receive(timeout: .seconds(60)) == .transcript(HeardText(text: "1 in all")))
            #expect(try second.receive(timeout: .seconds(60)) == .transcript(HeardText(text: "50 in all")))
        }
    }

    @Test func `an utterance that is left in the middle is forgotten, and the worker tells when it is free`()
        async throws
    {
        try await talk { address throws(TransportError) in
            try Self.beginAndLeave(address)
            var next = try WyomingConnection.connect(to: address)
            try next.send(.transcribe(TranscribeRequest()))
            try next.send(.audioStop)
            #expect(try next.receive(timeout: .seconds(60)) == .transcript(HeardText(text: "0 in all")))
        }
    }

    @Test func `what nobody waits for is read while others leave time, and what comes after it is not`() async throws {
        try await talk { address throws(TransportError) in
            var request = TranscribeRequest(language: "niceness")
            for (isSpare, niceness) in [(true, 10), (false, 0)] {
                request.isSpare = isSpare
                var connection = try WyomingConnection.connect(to: address)
                try connection.send(.transcribe(request))
                try connection.send(.audioStop)
                let text = HeardText(text: "\(niceness)")
                #expect(try connection.receive(timeout: .seconds(60)) == .transcript(text))
            }
        }
    }

    @Test func `audio that cannot be heard is refused`() async throws {
        try await talk { address throws(TransportError) in
            var connection = try WyomingConnection.connect(to: address)
            try connection.send(.transcribe(TranscribeRequest()))
            try connection.send(.audioChunk(AudioPiece(shape: AudioShape(rate: 8_000), pcm: [0, 0])))
            guard case .error(_, "unsupported_audio") = try connection.receive(timeout: .seconds(60)) else {
                Issue.record("it is taken")
                return
            }
        }
    }

    /// Closes a connection within an utterance.
    private static func beginAndLeave(_ address: EngineAddress) throws(TransportError) {
        var left = try WyomingConnection.connect(to: address)
        try left.send(.transcribe(withPartials))
        try left.send(.audioChunk(piece))
        _ = try left.receive(timeout: .seconds(60))
        var other = try WyomingConnection.connect(to: address)
        try other.send(.ping(text: nil))
        #expect(try other.receive(timeout: .seconds(60)) == .pong(Pong(text: nil, isBusy: true)))
    }

    private static let withPartials: TranscribeRequest = {
        var request = TranscribeRequest()
        request.wantsPartials = true
        return request
    }()

    private static let piece = AudioPiece(shape: AudioShape(rate: 16_000), pcm: [1, 0, 2, 0])

    /// Runs `body` with a worker's address on a thread, since its calls block.
    private func talk(
        _ body: @escaping @Sendable (EngineAddress) throws(TransportError) -> Void
    ) async throws {
        let path = "/tmp/hearsay-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max)).sock"
        let listener = try UnixListener(path: path)
        defer { listener.removeFile() }
        let worker = HearingWorker(CountingEngine(), info: Info())
        DedicatedThread.detach(label: "worker") {
            let server = WorkerServer { event, connection throws(TransportError) in
                try worker.answer(event, &connection)
            }
            try? server.serve(listener)
        }
        let outcome = Channel<Result<Void, TransportError>>(capacity: 1)
        DedicatedThread.detach(label: "client") {
            do throws(TransportError) {
                try body(.unix(path: path))
                _ = outcome.offer(.success(()))
            } catch {
                _ = outcome.offer(.failure(error))
            }
        }
        try await outcome.next()?.get()
    }
}

/// Understands how many pieces it was given, or how far its thread stands back.
private struct CountingEngine: HearingEngine {
    private var count = 0
    private var tellsNiceness = false

    mutating func begin(_ request: TranscribeRequest) { (count, tellsNiceness) = (0, request.language == "niceness") }
    mutating func hear(_ samples: [Int16]) { count += 1 }
    mutating func partialText() -> HeardText? { HeardText(text: "\(count)") }
    mutating func finish() -> HeardText {
        guard tellsNiceness else { return HeardText(text: "\(count) in all") }
        return HeardText(text: "\(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0))")
    }
    mutating func cancel() { count = -1 }
}
