import Hearing
import Testing
import VoiceCore
import VoiceTesting

/// What no engine here can do for a source.
@Suite(.timeLimit(.minutes(1))) struct WishCheckTests {
    @Test func `a language that the engine does not understand is refused, and its dialects are not`() async throws {
        let german = FakeTranscriber(name: "german", languages: ["de", "de-AT"])
        let any = FakeTranscriber(name: "any")
        try await SourceStage.run(FakeTranscriber(languages: ["en-US"]), others: [german, any]) { stage in
            let link = FakeLink()
            func open(_ settings: RecognitionSettings) async throws(SourceRefusal) -> SourceID {
                var request = stage.request()
                request.recognition = settings
                return try await stage.directory.open(request, over: link).id
            }
            let refusal = SourceRefusal.unknownLanguage("de", engine: "fake", known: ["en-US"])
            await #expect(throws: refusal) { try await open(RecognitionSettings(language: "de")) }
            await #expect(throws: SourceRefusal.unknownLanguage("en", engine: "german", known: ["de", "de-AT"])) {
                try await open(RecognitionSettings(language: "en", reviser: "german"))
            }
            for engine in ["german", "any", RecognitionSettings.noEngine] {
                _ = try await open(RecognitionSettings(engine: engine, language: "de-CH"))
            }
            let source = try await open(RecognitionSettings(language: "EN-gb"))
            await #expect(throws: refusal) {
                try await stage.directory.update(source, nil, RecognitionSettings(language: "de"))
            }
            try await stage.directory.update(source, nil, RecognitionSettings(engine: "german", language: "de"))
            await #expect(throws: refusal) {
                try await stage.directory.update(source, nil, RecognitionSettings(engine: "fake"))
            }
            try await stage.directory.update(source, nil, RecognitionSettings(patience: .seconds(2)))
        }
    }
}
