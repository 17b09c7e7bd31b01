import Net
import Testing

@testable import RemoteEngines

@Suite struct EngineSourceTests {
    @Test func `every kind of address is read`() throws {
        #expect(EngineSource("wyoming://127.0.0.1:10200") == .wyoming(host: "127.0.0.1", port: 10_200))
        #expect(EngineSource("tcp://[::1]:10200") == .wyoming(host: "::1", port: 10_200))
        #expect(
            EngineSource("openai+http://127.0.0.1:8880/v1")
                == .openAI(try URLParts("http://127.0.0.1:8880/v1"), model: nil))
        #expect(
            EngineSource("elevenlabs+https://api.elevenlabs.io?model=eleven_v3")
                == .elevenLabs(try URLParts("https://api.elevenlabs.io"), model: "eleven_v3"))
    }

    @Test(arguments: [
        "", "kokoro", "http://127.0.0.1", "openai+ftp://host", "openai+https://key@host/v1",
        "openai+https://host/v1?key=1",
        "wyoming://host", "wyoming://host:0", "tcp://:1", "openai+https://host/v1?model=",
    ]) func `anything else is refused`(text: String) {
        #expect(EngineSource(text) == nil)
    }

    @Test func `a key is readable on the way by plain HTTP to elsewhere`() throws {
        #expect(try #require(EngineSource("openai+http://192.0.2.1/v1")).isReadable)
        for near in [
            "openai+http://127.0.0.1/v1", "openai+http://[::1]/v1", "openai+http://localhost/v1",
            "openai+https://host/v1",
        ] {
            #expect(try !#require(EngineSource(near)).isReadable)
        }
    }

    @Test func `a key never shows itself`() throws {
        let key = try #require(EngineKey("sk-secret"))
        #expect("\(key)" == "[key]" && String(reflecting: key) == "[key]")
        #expect(key.removed(from: "Incorrect key sk-secret") == "Incorrect key [key]")
        #expect(EngineKey("two words") == nil && EngineKey("line\r\n") == nil && EngineKey("") == nil)
        #expect(EngineKey.variable("my-tts") == "HEARSAY_ENGINE_MY_TTS_KEY")
    }

    @Test func `words of a server are short and of one line`() {
        #expect(ErrorWords.read(Array(#"{"error":{"message":"no\nsuch voice"}}"#.utf8)) == "no such voice")
        #expect(ErrorWords.read(Array(#"{"detail":{"message":"quota"}}"#.utf8)) == "quota")
        #expect(ErrorWords.read(Array("<html>".utf8)) == nil)
        #expect(ErrorWords.read(Array(#"{"error":"\#(String(repeating: "x", count: 500))"}"#.utf8))?.count == 161)
    }
}
