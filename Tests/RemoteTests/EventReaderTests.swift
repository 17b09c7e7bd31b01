import Flow
import Remote
import Testing
import VoiceCore
import Wire
import JSON

@Suite(.timeLimit(.minutes(1))) struct EventReaderTests {
    private let seen = Monitor<[Int]>([])

    @Test func `after a lost connection it goes on behind the last fact it saw`() async throws {
        let asked = Monitor<[JSONValue?]>([])
        try await ScriptedServer.run { peer in
            guard let subscribe = await peer.next("subscribe") else { return }
            asked.update { $0.append(subscribe["last_seq"]) }
            peer.answer(subscribe, ["seq": 40, "oldest": 1])
            let first = peer.number == 0 ? 41 : 43
            for number in first..<(first + 2) { peer.send(["type": "job.queued", "seq": .integer(number)]) }
            if peer.number == 0 { peer.cut() }
            _ = await peer.next()
        } _: { [seen] address in
            let reader = try EventReader(address, names: ["job.*"], sessions: [], clientName: "test")
            try await reader.run(after: nil, connected: {}) { event in
                seen.update { $0.append(event["seq"]?.whole ?? 0) }
                return event["seq"]?.whole != 44
            }
        }
        #expect(seen.withLock { $0 } == [41, 42, 43, 44])
        #expect(asked.withLock { $0 } == [nil, .integer(42)])
    }

    @Test func `a name that no event has is refused before anything is sent`() {
        #expect(throws: WireError.self) {
            try EventReader(
                ServerAddress(url: "http://127.0.0.1:1", token: nil), names: ["nonsense"], sessions: [],
                clientName: "test")
        }
    }
}
