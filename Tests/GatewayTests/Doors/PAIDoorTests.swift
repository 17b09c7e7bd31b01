import Flow
import Gateway
import JSON
import Net
import Speaking
import Testing
import VoiceTesting

@Suite(.timeLimit(.minutes(1))) struct PAIDoorTests {
    @Test func `what nobody hears is told before a hook gives up`() async throws {
        let desk = try await Desk(doors: [.pai])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await desk.dispatcher.run() }
            async let answer = desk.ask("POST", "/notify", body: #"{"message":"Is anybody there?"}"#, entrance: 1)
            while await desk.dispatcher.census().waiting == 0 { await Task.yield() }
            desk.clock.advance(by: .seconds(9))
            let refusal = try await answer
            #expect(refusal.status == 502 && refusal["status"]?.text == "error")
            #expect(refusal["message"]?.text?.hasPrefix("TTS failed: ") == true)
            #expect(refusal["notification_sent"] == .bool(false))
            group.cancelAll()
        }
    }

    @Test func `only requests at its own address are answered in its dialect`() async throws {
        let desk = try await Desk(doors: [.pai, .tts])
        #expect(try await desk.ask("POST", "/notify", body: #"{"voice_enabled":false}"#, entrance: 1).status == 200)
        #expect(try await desk.ask("POST", "/notify", body: #"{"voice_enabled":false}"#).code == "not_found")
        #expect(try await desk.ask("GET", "/health", entrance: 1)["status"]?.text == "healthy")
        #expect(try await desk.ask("GET", "/health", entrance: 2)["status"]?.text == "ok")
        #expect(try await desk.ask("GET", "/get_reference_files", entrance: 2).json == .array([]))
    }

    @Test func `who may not speak there learns only that it lives`() async throws {
        let desk = try await Desk(doors: [.pai])
        let health = try await desk.ask("GET", "/health", fields: ["Via": "1.1 x"], entrance: 1)
        #expect(health.json == .object(["status": "healthy"]))
    }
}
