import Flow
import JSON
import Testing
import VoiceCore
import Wire

@testable import Remote

@Suite(.timeLimit(.minutes(1))) struct RemoteUtteranceTests {
    /// How long it would have paused between its frames.
    private let paused = Monitor(Duration.zero)
    private let partials = Channel<PartialTranscript>(capacity: 16)

    private func read(_ audio: UtteranceAudio, at address: ServerAddress) async throws -> Transcript {
        let timeline = Timeline(now: { .zero }) { [paused] time in paused.update { $0 += time } }
        return try await ServerConnection.with(address, client: "test") { [partials] connection in
            try await RemoteUtterance(audio, over: connection, partials, timeline: timeline)
                .read(RecognitionSettings(), VoiceDetectionSettings())
        }
    }

    private static func silence(seconds: Int) -> [Int16] {
        Array(repeating: 0, count: seconds * UtteranceAudio.sampleRate)
    }

    /// Opens the source for a client that wants to know what is missing.
    ///
    /// - Returns: Its name.
    private static func open(_ peer: ScriptedServer.Peer) async -> JSONValue? {
        guard let subscribe = await peer.next("subscribe") else { return nil }
        guard subscribe["events"]?.elements?.contains("source.gap") == true else { return nil }
        peer.answer(subscribe)
        guard let open = await peer.next("source.open") else { return nil }
        peer.answer(open, ["channel": 2, "from_ms": 0])
        return open["source_id"]
    }

    /// Takes all audio and tells what was said.
    private static func finish(_ peer: ScriptedServer.Peer, _ source: JSONValue) async {
        guard let close = await peer.next("source.close") else { return }
        peer.answer(close)
        peer.send(["type": "transcript.final", "source_id": source, "text": "all of it"])
        peer.send(["type": "source.stopped", "source_id": source, "reason": "closed"])
        _ = await peer.next()
    }

    @Test(arguments: [(20, Duration.zero), (45, .milliseconds(6_255))])
    func `what lies behind the first 20 s goes at four times the pace of speech`(
        seconds: Int, pause: Duration
    ) async throws {
        let transcript = try await ScriptedServer.run { peer in
            guard let source = await Self.open(peer) else { return }
            await Self.finish(peer, source)
        } _: { address in
            try await read(UtteranceAudio(Self.silence(seconds: seconds)), at: address)
        }
        #expect(transcript.text == "all of it")
        #expect(paused.withLock { $0 } == pause)
    }

    @Test func `a server that is behind gets it no faster than it was spoken`() async throws {
        let audio = UtteranceAudio()
        _ = try await ScriptedServer.run { peer in
            guard let source = await Self.open(peer) else { return }
            peer.send(["type": "source.control", "source_id": source, "state": "slow_down"])
            peer.send(["type": "transcript.partial", "source_id": source, "tentative": "all"])
            await Self.finish(peer, source)
        } _: { address in
            async let transcript = read(audio, at: address)
            // What came before this is known then.
            _ = await partials.next()
            _ = audio.append(Self.silence(seconds: 2))
            audio.finish()
            return try await transcript
        }
        #expect(paused.withLock { $0 } == .seconds(2))
    }

    @Test func `a reading of audio that was lost in part is none`() async throws {
        try await ScriptedServer.run { peer in
            guard let source = await Self.open(peer) else { return }
            peer.send(["type": "source.gap", "source_id": source, "ms": 15_000])
            await Self.finish(peer, source)
        } _: { address in
            _ = await #expect(throws: RemoteUtterance.Fault.gap) {
                _ = try await read(UtteranceAudio(Self.silence(seconds: 45)), at: address)
            }
        }
    }
}
