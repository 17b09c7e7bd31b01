import Flow
import Remote
import Testing
import VoiceCore
import Wire
import JSON

@Suite(.timeLimit(.minutes(1))) struct SpeakClientTests {
    private let order = WireSpeak(SpeakRequest(text: "Good morning.", session: .default))
    private let updates = Monitor<[SpeakUpdate]>([])

    private func client(_ address: ServerAddress) -> SpeakClient {
        SpeakClient(address, clientName: "test", reconnectionLimit: .milliseconds(300))
    }

    private func speak(_ address: ServerAddress, abort: Latch = Latch()) async throws -> SpeakOutcome {
        try await client(address).speak(order, abort: abort) { [updates] update in
            updates.update { $0.append(update) }
        }
    }

    private static func accept(_ peer: ScriptedServer.Peer) async {
        guard let speak = await peer.next("speak") else { return }
        peer.answer(speak, ["job_id": "job_1", "status": "queued", "position": 0])
    }

    private static func finish(_ peer: ScriptedServer.Peer) {
        peer.send(["type": "job.finished", "job_id": "job_1", "heard": "confirmed", "duration_ms": 900])
    }

    @Test func `it returns how the job ended and tells what it learns on the way`() async throws {
        let pages: [String: JSONValue] = [
            "/v1/listeners": ["listeners": [["listener_id": "lis_1", "kind": "browser", "device": "Chromium"]]]
        ]
        let outcome = try await ScriptedServer.run(pages: pages) { peer in
            await Self.accept(peer)
            peer.send(["type": "job.finished", "job_id": "job_other", "heard": "none", "duration_ms": 1])
            peer.send(["type": "job.started", "job_id": "job_1", "listeners": ["lis_1"], "delay_ms": 84])
            peer.send(["type": "job.progress", "job_id": "job_1", "position_ms": 250, "percent": 40])
            Self.finish(peer)
            _ = await peer.next()
        } _: { address in
            try await speak(address)
        }
        #expect(outcome == .finished(heard: "confirmed", duration: .milliseconds(900)))
        let place = Place(id: "lis_1", kind: "browser", name: "Chromium")
        let seen = updates.withLock { $0 }
        #expect(seen.count == 3)
        #expect(seen.first == .accepted(JobID("job_1"), position: 0, estimatedWait: nil))
        #expect(seen.dropFirst().first == .started(places: [place], delay: .milliseconds(84)))
    }

    @Test func `a refusal is thrown with its code`() async throws {
        try await ScriptedServer.run { peer in
            guard let speak = await peer.next("speak") else { return }
            peer.answer(speak, ["code": "unknown_voice", "message": "no voice of that name"], type: "error")
            _ = await peer.next()
        } _: { address in
            let error = RemoteError.refused(code: "unknown_voice", message: "no voice of that name")
            await #expect(throws: error) { try await speak(address) }
        }
    }

    @Test func `a wrong token is refused, not lost`() async throws {
        try await ScriptedServer.run(script: { _ in }) { address in
            var address = address
            address.token = "wrong"
            let error = RemoteError.refused(code: "unauthenticated", message: "unauthenticated")
            await #expect(throws: error) { try await speak(address) }
        }
    }

    @Test func `a job that ended while the connection was gone is found again`() async throws {
        let pages: [String: JSONValue] = [
            "/v1/jobs/job_1": ["job_id": "job_1", "status": "finished", "heard": "confirmed", "duration_ms": 900]
        ]
        let outcome = try await ScriptedServer.run(pages: pages) { peer in
            if peer.number == 0 {
                await Self.accept(peer)
                peer.cut()
            }
            _ = await peer.next("none")
        } _: { address in
            try await speak(address)
        }
        #expect(outcome == .finished(heard: "confirmed", duration: .milliseconds(900)))
        #expect(updates.withLock { $0.contains(.reconnecting) })
    }

    @Test func `a job that still sounds after a reconnection is followed to its end`() async throws {
        let pages: [String: JSONValue] = ["/v1/jobs/job_1": ["job_id": "job_1", "status": "speaking"]]
        let outcome = try await ScriptedServer.run(pages: pages) { peer in
            if peer.number == 0 {
                await Self.accept(peer)
                peer.cut()
            } else {
                guard let subscribe = await peer.next("subscribe") else { return }
                peer.answer(subscribe)
                Self.finish(peer)
            }
            _ = await peer.next("none")
        } _: { address in
            try await speak(address)
        }
        #expect(outcome == .finished(heard: "confirmed", duration: .milliseconds(900)))
    }

    @Test func `a job that the server forgot is lost at its last confirmed position`() async throws {
        let outcome = try await ScriptedServer.run { peer in
            if peer.number == 0 {
                await Self.accept(peer)
                peer.send(["type": "job.progress", "job_id": "job_1", "position_ms": 750, "percent": 80])
                peer.cut()
            }
            _ = await peer.next("none")
        } _: { address in
            try await speak(address)
        }
        #expect(outcome == .lost(position: .milliseconds(750)))
    }

    @Test func `opening the latch aborts the job`() async throws {
        let abort = Latch()
        let outcome = try await ScriptedServer.run { peer in
            await Self.accept(peer)
            abort.open()
            guard let command = await peer.next("abort") else { return }
            peer.send([
                "type": "job.aborted", "job_id": command["job_id"] ?? .null, "reason": "requested",
                "delivered_text": "Good", "unspoken_text": " morning.", "position_ms": 300,
            ])
            _ = await peer.next()
        } _: { address in
            try await speak(address, abort: abort)
        }
        #expect(
            outcome
                == .aborted(
                    reason: "requested", delivered: "Good", unspoken: " morning.", position: .milliseconds(300)))
    }

    @Test func `where nobody listens it is unreachable`() async throws {
        let error = RemoteError.self
        await #expect(throws: error) { try await speak(ServerAddress(url: "http://127.0.0.1:1", token: nil)) }
    }
}
