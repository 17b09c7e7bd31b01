import Flow
import Glibc
import Net
import Remote
import Sound
import Testing
import VoiceCore
import Wire
import JSON

@Suite(.timeLimit(.minutes(1))) struct RemoteListenerTests {
    private let order = WireSpeak(SpeakRequest(text: "Hello.", session: .default))

    private static func frame(_ kind: AudioFrameHeader.Kind, _ samples: [Int16] = []) -> [UInt8] {
        AudioFrameHeader(kind: kind, channel: 7).bytes(samples: samples)
    }

    /// Accepts a job for the listener of the connection and sends it in two frames.
    private static func play(_ samples: [Int16], on peer: ScriptedServer.Peer, _ reports: Monitor<[JSONValue]>) async {
        guard let open = await peer.next("listener.open") else { return }
        peer.answer(open, ["listener_id": "lis_file", "format": "pcm_s16"])
        guard let speak = await peer.next("speak") else { return }
        reports.update { $0.append(speak) }
        peer.answer(speak, ["job_id": "job_1", "status": "queued", "position": 0])
        let begin = AudioBegin(
            listener: ListenerID("lis_file"), job: JobID("job_1"), channel: 7,
            format: StreamFormat(.pcm, sampleRate: 24_000), start: .zero)
        peer.socket.send(text: String(decoding: begin.json, as: UTF8.self))
        peer.socket.send(binary: frame(.audioOut, Array(samples.prefix(480))))
        peer.socket.send(binary: frame(.audioOut, Array(samples.dropFirst(480))))
        peer.socket.send(binary: frame(.end))
        while let report = await peer.next() {
            reports.update { $0.append(report) }
            if report["state"] == "finished" { break }
        }
        peer.send(["type": "job.finished", "job_id": "job_1", "heard": "confirmed", "duration_ms": 40])
        _ = await peer.next()
    }

    @Test func `a file holds every sample that came, and is reported as played`() async throws {
        let path = "/tmp/hearsay-test-\(getpid())-\(UInt64.random(in: 0 ... .max)).wav"
        defer { unsafe unlink(path) }
        let samples = (0..<960).map { Int16($0 * 7 - 3_000) }
        let reports = Monitor<[JSONValue]>([])
        let order = order
        let duration = try await ScriptedServer.run { peer in
            await Self.play(samples, on: peer, reports)
        } _: { address in
            let file = try FileSpeaker(path: path)
            let client = SpeakClient(address, clientName: "test")
            let outcome = try await client.speak(order, into: file, abort: Latch()) { _ in }
            #expect(outcome == .finished(heard: "confirmed", duration: .milliseconds(40)))
            return try await file.finish()
        }
        #expect(duration == .milliseconds(40))
        #expect(
            try Self.bytes(of: path)
                == WAV.encode(AudioChunk(format: AudioFormat(sampleRate: 24_000), samples: samples)))
        let all = reports.withLock { $0 }
        #expect(all.first?["deliver"] == ["lis_file"])
        #expect(all.first?["session_id"] == "ses_own")
        #expect(all.compactMap { $0["state"]?.text }.first == "started")
        #expect(all.last?["state"] == "finished" && all.last?["position_ms"]?.number == 40)
    }

    @Test func `a file that nothing came into does not appear`() async throws {
        let path = "/tmp/hearsay-test-\(getpid())-\(UInt64.random(in: 0 ... .max)).wav"
        let file = try FileSpeaker(path: path)
        #expect(try await file.finish() == .zero)
        #expect(unsafe access(path, F_OK) != 0)
        #expect(unsafe access(path + ".part", F_OK) != 0)
    }

    @Test func `a folder that does not exist is an error of its own`() {
        #expect(throws: FileSpeakerError.cannotWrite(path: "/nonexistent/x.wav", errno: ENOENT)) {
            try FileSpeaker(path: "/nonexistent/x.wav")
        }
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        let file = unsafe open(path, O_RDONLY)
        try #require(file >= 0)
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe read(file, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }
}
