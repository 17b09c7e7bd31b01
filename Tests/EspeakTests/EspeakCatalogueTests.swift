import Testing
import hearsay_espeak

@Suite struct EspeakCatalogueTests {
    private let catalogue = EspeakCatalogue(languages: [
        EspeakLanguage(tag: "en-us", file: "gmw/en-us", title: "English (America)"),
        EspeakLanguage(tag: "en-gb", file: "gmw/en-gb", title: "English (Great Britain)"),
        EspeakLanguage(tag: "de", file: "gmw/de", title: "German"),
        EspeakLanguage(tag: "pt-br", file: "gmw/pt-br", title: "Portuguese (Brazil)"),
    ])

    @Test(
        arguments: [
            (nil, "de", "de"), (nil, "de-CH", "de"), (nil, "DE-ch-1996", "de"), (nil, "pt", "pt-br"),
            (nil, nil, "en-us"),
            ("en-us+f2", "de", "en-us+f2"), ("EN-GB", nil, "en-gb"), (nil, "xx", nil), ("nobody", "de", nil),
        ] as [(String?, String?, String?)])
    func `a name goes before a language, and a dialect finds its language`(
        name: String?, language: String?, expected: String?
    ) {
        #expect(catalogue.voice(named: name, language: language)?.name == expected)
    }

    @Test func `names are unique, and English has voices to choose from`() {
        let names = catalogue.voices.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(catalogue.voices.filter { $0.language == "en-us" }.count == 11)
        #expect(catalogue.voices.filter { $0.language == "de" }.map(\.title) == ["German"])
    }
}
