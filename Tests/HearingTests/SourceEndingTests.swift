import Hearing
import Testing
import VoiceCore
import VoiceTesting

/// Sources that were closed while their last words are still being read.
@Suite(.timeLimit(.minutes(1))) struct SourceEndingTests {
    @Test func `a source counts until its last words are read`() async throws {
        let limits = SourceLimits(sources: 2, sourcesPerSession: 2)
        try await SourceStage.run(FakeTranscriber(.waits), limits: limits) { stage in
            var story = Story(stage.events)
            let link = FakeLink()
            for _ in 0..<2 {
                let opened = try await stage.directory.open(stage.request(), over: link)
                try stage.send([(true, 1_000)], to: opened, over: link)
                try await stage.directory.close(opened.id, by: link)
            }
            await #expect(throws: SourceRefusal.tooMany(limit: 2)) {
                try await stage.directory.open(stage.request(), over: link)
            }
            #expect(await stage.directory.census().ending == 2)
            stage.transcriber.set(.hears)
            for _ in 0..<2 { _ = await story.until("stopped") }
            while await stage.directory.census().ending > 0 { await Task.yield() }
            _ = try await stage.directory.open(stage.request(), over: link)
        }
    }

    @Test func `a name that is free again begins after the last words of the one before`() async throws {
        try await SourceStage.run(FakeTranscriber(.waits)) { stage in
            var story = Story(stage.events)
            let link = FakeLink()
            for _ in 0..<2 {
                let opened = try await stage.directory.open(stage.request("desk"), over: link)
                #expect(opened.place == .from(.zero))
                try stage.send([(true, 1_000)], to: opened, over: link)
                try await stage.directory.close(opened.id, by: link)
            }
            stage.transcriber.set(.hears)
            for _ in 0..<2 { #expect(await story.until("stopped").first == "started") }
        }
    }

    @Test func `a session that begins anew counts its own sources only`() async throws {
        try await SourceStage.run(FakeTranscriber(.waits)) { stage in
            var story = Story(stage.events)
            let link = FakeLink()
            for round in 0..<2 {
                let session = try await stage.sessions.open(SessionID("talk"), isLocal: false).id
                let opened = try await stage.directory.open(stage.request(session: "talk"), over: link)
                try stage.send([(true, 1_000)], to: opened, over: link)
                _ = await story.until("speech")
                if round > 0 { break }
                _ = await stage.sessions.end(session)
                while await stage.directory.census().ending == 0 { await Task.yield() }
            }
            stage.transcriber.set(.hears)
            _ = await story.until("stopped")
            while await stage.directory.census().ending > 0 { await Task.yield() }
            #expect(await stage.sessions.info(SessionID("talk"))?.sourceCount == 1)
        }
    }
}
