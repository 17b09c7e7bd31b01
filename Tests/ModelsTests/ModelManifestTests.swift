import JSON
import Models
import Testing
import VoiceCore

@Suite struct ModelManifestTests {
    @Test func `a manifest is read as it was written`() {
        let voice = Voice(
            id: "anna", engine: "anna", name: "anna", language: "en-US", gender: .female, sampleRate: 22_050,
            licence: "MIT")
        let manifest = ModelManifest(
            id: "anna", kind: .voice, source: "https://example.org/a.zip", sha256: String(repeating: "a", count: 64),
            licence: "MIT", languages: ["en"],
            files: [.init(path: "model.onnx", byteCount: 5, sha256: String(repeating: "b", count: 64))],
            voices: [voice], readings: ["translation"], loadTime: .milliseconds(750))
        #expect(ModelManifest(manifest.json.bytes) == manifest)
    }

    @Test(arguments: ["", "{}", "null", #"{"id":"x","kind":"voice","source":"s","licence":"l","files":[]}"#])
    func `what is no manifest is not taken for one`(_ text: String) {
        #expect(ModelManifest(Array(text.utf8)) == nil)
    }
}
