import Models
import Testing
import VoiceCore

@Suite struct ModelCatalogueTests {
    @Test func `every model of the list is fetched over HTTPS and has a name and a licence`() {
        for entry in ModelCatalogue.builtIn.entries {
            #expect(ModelEntry.isName(entry.id))
            #expect(entry.url.hasPrefix("https://"))
            // Noise has no language.
            #expect(!entry.licence.isEmpty && (entry.kind == .denoiser || !entry.languages.isEmpty))
        }
        let ids = ModelCatalogue.builtIn.entries.map(\.id)
        #expect(Set(ids).count == ids.count)
    }

    @Test func `a catalogue of one's own is read`() throws {
        let text = """
            {"models":[{"id":"anna","url":"https://example.org/a.zip","licence":"MIT","consent":true,\
            "sha256":"\(String(repeating: "Ab", count: 32))","bytes":5,"languages":["en"]}]}
            """
        let entry = try #require(try ModelCatalogue(Array(text.utf8))[id: "anna"])
        #expect(entry.needsConsent)
        #expect(entry.sha256 == String(repeating: "ab", count: 32))
    }

    @Test(arguments: [
        "[]", "{", #"{"models":[{"id":"../x","url":"u","licence":"l"}]}"#, #"{"models":[{"id":"x","licence":"l"}]}"#,
        #"{"models":[{"id":"x","url":"u","licence":"l","sha256":"12"}]}"#,
        #"{"models":[{"id":"x","url":"u","licence":"l","kind":"teapot"}]}"#,
    ])
    func `a broken catalogue is refused as a whole`(_ text: String) {
        #expect(throws: ModelError.self) { try ModelCatalogue(Array(text.utf8)) }
    }

    @Test(arguments: ["", ".x", "-x", "a/b", "a b", String(repeating: "x", count: 41), "ä"])
    func `what is no name of a folder, an engine and an option's value is no name`(_ name: String) {
        #expect(!ModelEntry.isName(name))
    }
}
