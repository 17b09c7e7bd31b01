import Testing

@testable import SpokenText

@Suite struct PronunciationTests {
    private func file(_ text: String) throws -> PronunciationFile { try PronunciationFile(text) }

    private func spoken(_ text: String, _ json: String, language: String = "en") throws -> String {
        var options = ScriptOptions(language: language)
        options.pronunciations = try file(json).pronunciations
        return Script(text, options).segments.map(\.text.string).joined(separator: " | ")
    }

    @Test func `PAI's file is read as it is`() throws {
        let json =
            #"{"replacements": [{"term": "nginx", "phonetic": "engine x", "note": "web"}, {"term": ".env", "phonetic": "dot env"}]}"#
        #expect(try spoken("nginx reads .env but not nginxes", json) == "engine x reads dot env but not nginxes")
    }

    @Test func `a flat object of terms is read too`() throws {
        #expect(try spoken("Kai says Qwen.", #"{"Kai": "kye", "Qwen": "chwen"}"#) == "kye says chwen.")
    }

    @Test(arguments: [("NGINX", "engine x"), ("kai", "kai"), ("Kai", "kye"), ("kais", "kais")])
    func `a term in lower case matches any case, one with capitals only itself`(text: String, words: String) throws {
        #expect(try spoken(text, #"{"nginx": "engine x", "Kai": "kye"}"#) == words)
    }

    @Test(arguments: [
        ("a lead pipe", "a led pipe"), ("made of lead.", "made of led."), ("take the lead", "take the leed"),
        ("the old metal was lead", "the old metal was led"),
    ])
    func `a homograph is chosen by its neighbours`(text: String, words: String) throws {
        let json = """
            {"replacements": [
              {"term": "lead", "phonetic": "leed"},
              {"term": "lead", "phonetic": "led", "before": ["pipe", "poisoning"]},
              {"term": "lead", "phonetic": "led", "after": "of"},
              {"term": "lead", "phonetic": "led", "near": ["metal"]},
            ]}
            """
        #expect(try spoken(text, json) == words)
    }

    @Test func `the longest term goes first, also over spaces`() throws {
        #expect(
            try spoken("New York, New Yorker", #"{"New": "noo", "New York": "the city"}"#) == "the city, noo Yorker")
    }

    @Test func `entries hold for their language`() throws {
        let json = #"{"replacements": [{"term": "Chef", "phonetic": "shef", "language": "de"}]}"#
        #expect(try spoken("Chef", json, language: "de-DE") == "shef")
        #expect(try spoken("Chef", json) == "Chef")
    }

    @Test func `phonemes alone leave the word as it is`() throws {
        var options = ScriptOptions()
        options.pronunciations = try file(#"{"replacements": [{"term": "gif", "ipa": "dʒɪf"}]}"#).pronunciations
        let segment = Script("the gif here", options).segments.first
        #expect(segment?.text.string == "the gif here")
        #expect(segment?.phonemes == [Segment.Phonemes(range: 4..<7, ipa: "dʒɪf")])
    }

    @Test func `bad entries are left out and told with their line`() throws {
        let json = """
            {"replacements": [
              {"phonetic": "x"},
              {"term": "a"},
              {"term": "b", "phonetic": 5},
              {"term": "c", "phonetic": "see", "colour": "red"},
              // a remark
              {"term": "c", "phonetic": "sea"},
              {"term": "d", "phonetic": "dee", "case": "loud"},
              "e"
            ]}
            """
        let file = try file(json)
        #expect(file.pronunciations.count == 1)
        #expect(
            file.problems.map(\.description) == [
                "line 2: the entry has no term", "line 3: \"a\" has neither \"phonetic\" nor \"ipa\"",
                "line 4: \"phonetic\" has a value of the wrong kind", "line 5: \"colour\" is not known",
                "line 7: \"c\" is on line 5 already", "line 8: \"case\" has a value of the wrong kind",
                "line 9: the entry has no term",
            ])
    }

    @Test(arguments: [
        ("", 1), ("{", 1), ("{\n\"a\": \"b\"\n\"c\": \"d\"}", 3), ("[1]", 1), ("{\"a\": \"b}\n", 1),
        ("{\"replacements\": {}}", 1),
        ("{\"a\":\n\n nope}", 3), ("{} {}", 1), (String(repeating: "[", count: 100_000), 1),
        ("{\"a\": \"\\ud800\"}", 1),
    ])
    func `what is no dictionary is refused with its line`(text: String, line: Int) {
        #expect { try PronunciationFile(text) } throws: { ($0 as? PronunciationProblem)?.line == line }
    }

    @Test func `escapes of JSON are understood`() throws {
        #expect(
            try spoken("é and 🎉", #"{"\u00e9": "\u0061y", "\ud83c\udf89": "hooray"}"#, language: "de")
                == "ay and hooray")
    }
}
