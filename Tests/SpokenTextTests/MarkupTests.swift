import Testing

@testable import SpokenText

@Suite struct MarkdownTests {
    @Test(arguments: [
        ("**Bold** and *it* and __both__ and ~~gone~~", "Bold and it and both and gone"),
        ("2 * 3 * 4", "two times three times four"),
        ("[text](https://x.org/y \"title\") and ![alt](a.png)", "text and alt"),
        ("[a][ref] and a note[^1]", "a and a note"),
        ("`**code**` and ``a ` b``", "code and a b"), ("<b>x</b> &amp; \\*lit\\*", "x and lit"), ("a<br>b", "a\nb"),
        ("see <!-- not this --> that", "see that"), ("***", ""), ("# Title\n\nText", "Title. | Text"),
        ("Title\n=====\nText", "Title | Text"),
        ("- one\n- two\n  more\n* [x] three\n- [ ] four", "one. | two more. | done: three. | to do: four."),
        ("1. First\n2) Second", "one, First. | two, Second."), ("> quoted\n> > deeper", "quoted deeper"),
        ("| a | b |\n|---|:-:|\n| 1 | 2 |\nafter", "a, b. | one, two. | after"),
        ("```swift\nlet a\nlet b\n```", "code block, two lines."),
        ("~~~\nx", "code block, one line."), ("[ref]: https://example.org\nText", "Text"), ("a [b] c", "a b c"),
        ("arr[1][2]", "arr one two"),
    ])
    func `marks are not spoken`(text: String, words: String) {
        #expect(spoken(text) == words)
    }

    @Test func `code blocks are announced, skipped or spoken`() {
        var options = ScriptOptions()
        options.codeBlocks = .skipped
        #expect(Script("a\n```\nx\n```\nb", options).segments.map(\.text.string) == ["a", "b"])
        options.codeBlocks = .spoken
        #expect(Script("a\n```\nx y\n```\nb", options).segments.map(\.text.string) == ["a", "x y", "b"])
    }

    @Test func `a line that was broken by the page goes on, another ends`() {
        let long = "This line is as long as a page is wide and was broken there, before"
        #expect(spoken(long + "\nGreta came.") == long + " Greta came.")
        #expect(spoken("Short line\nNext line") == "Short line\nNext line")
        #expect(spoken("one\ntwo") == "one two")
    }

    @Test func `plain text keeps its marks`() {
        var options = ScriptOptions(language: "de")
        options.markup = .plain
        #expect(Script("**a** [b](c)", options).segments.map(\.text.string) == ["**a** [b](c)"])
    }

    @Test(arguments: [
        ("[pause:1.5s]", 1_500), ("[pause:500ms]", 500), ("[pause: 2]", 2_000), ("[PAUSE:1s]", 1_000),
        ("[pause:99s]", 10_000),
    ])
    func `a pause stands before what follows it`(marker: String, milliseconds: Int) {
        let segments = Script("Hello \(marker) world").segments
        #expect(segments.map(\.text.string) == ["Hello", "world"])
        #expect(segments.map(\.pauseBefore) == [.zero, .milliseconds(milliseconds)])
    }

    @Test func `pauses at the end and side by side are kept within the limit`() {
        let segments = Script("Hello [pause:8s][pause:8s]").segments
        #expect(segments.map(\.pauseBefore) == [.zero, .seconds(10)])
    }

    @Test(arguments: Emotion.allCases)
    func `every mood has its marker`(emotion: Emotion) {
        let segment = Script("[\(emotion.sign)\u{FE0F} \(emotion.rawValue)] Go on").segments.first
        #expect(segment?.style.emotion == emotion)
        #expect(segment?.text.string == "Go on")
    }

    @Test(arguments: ["Up we go. [🤔 pondering] Or not", "<speak>Up we <s>go</s></speak>"])
    func `a text has its mood up to its first marker`(text: String) throws {
        var options = ScriptOptions()
        options.emotion = .excited
        let styles = Script(text, options).segments.map(\.style)
        #expect(styles.first == SpeechStyle(.excited) && styles.first?.rate == Emotion.excited.rate)
        #expect(text.hasPrefix("<") || styles.last == SpeechStyle(.pondering))
    }

    @Test func `a marker whose sign and word differ is text`() {
        let segment = Script("[🎉 urgent] Go", ScriptOptions(language: "de")).segments.first
        #expect(segment?.style.emotion == nil)
        #expect(segment?.text.string == "[ urgent] Go")
    }
}

@Suite struct SSMLTests {
    private func segments(_ contents: String) -> [Segment] { Script("<speak>\(contents)</speak>").segments }

    @Test(arguments: [
        ("a <say-as interpret-as=\"characters\">b2</say-as> c", "a B two c"),
        ("<sub alias=\"Consortium\">W3C</sub>", "Consortium"),
        ("<say-as interpret-as='date' format='dmy'>3/5/2024</say-as>", "May third, twenty twenty-four"),
        ("<say-as interpret-as='digits'>42</say-as>", "four two"),
        ("<say-as interpret-as='ordinal'>3</say-as>", "third"),
        ("<say-as interpret-as='telephone'>12-34</say-as>", "one two, three four"),
        ("<unknown x='1'>kept</unknown> &lt;&#65;", "kept A"), ("a <!-- b --> c<mark name='x'/>", "a c"),
        ("costs $5.20", "costs five dollars and twenty cents"),
        ("<sub alias='one two'>x</sub>three", "one two three"), ("<emphasis>so</emphasis> it is", "so it is"),
    ])
    func `elements say how their text is spoken`(contents: String, words: String) {
        #expect(segments(contents).map(\.text.string) == [words])
        #expect(Script("<speak>\(contents)</speak>").problems.isEmpty)
    }

    @Test(arguments: [
        ("<break time='500ms'/>", 500), ("<break time='2s'/>", 2_000), ("<break/>", 400),
        ("<break strength='strong'/>", 700),
        ("<break strength='x-weak'></break>", 100),
    ])
    func `a break is a pause`(tag: String, milliseconds: Int) {
        #expect(segments("a \(tag) b").map(\.pauseBefore) == [.zero, .milliseconds(milliseconds)])
    }

    @Test func `prosody holds within its element`() {
        let styles = segments("a <prosody rate='fast' pitch='+12st' volume='soft'>b</prosody> c").map(\.style)
        #expect(styles.map(\.rate) == [1, 1.25, 1])
        #expect(styles.map(\.volume) == [1, 0.7, 1])
        #expect(abs(styles[1].pitch - 2) < 0.000_01)
    }

    @Test(arguments: [("-6dB", 0.501), ("+20dB", 4), ("50%", 0.5), ("silent", 0)])
    func `volumes are factors`(value: String, factor: Double) {
        let volume = segments("<prosody volume='\(value)'>b</prosody>").first?.style.volume ?? -1
        #expect(abs(volume - factor) < 0.001)
    }

    @Test func `languages and phonemes reach the segments`() {
        let parts = segments(
            "a <lang xml:lang='de-DE'>14:30</lang> <phoneme alphabet='ipa' ph='təˈmeɪtoʊ'>tomato</phoneme>")
        #expect(parts.map(\.style.language) == [nil, "de-DE", nil])
        #expect(parts[1].text.string == "14:30")
        #expect(parts[2].phonemes == [Segment.Phonemes(range: 0..<6, ipa: "təˈmeɪtoʊ")])
    }

    @Test(arguments: [
        ("<speak>a <b", SSMLProblem(kind: .unclosedTag, offset: 9)),
        ("<speak>a</b></speak>", SSMLProblem(kind: .unexpectedEnd("b"), offset: 8)),
        ("<speak><p>a</speak>", SSMLProblem(kind: .unclosedElement("p"), offset: 7)),
        (
            "<speak>a<prosody rate='soon'>b</prosody></speak>",
            SSMLProblem(kind: .badValue(attribute: "rate", value: "soon"), offset: 8)
        ),
        ("<speak>a", SSMLProblem(kind: .unclosedElement("speak"), offset: 0)),
    ])
    func `what is malformed is told with its place and spoken nevertheless`(text: String, problem: SSMLProblem) {
        let script = Script(text)
        #expect(script.problems.contains(problem))
        #expect(script.segments.map(\.text.string).joined().contains("a"))
    }

    @Test func `elements nested without end are cut off`() {
        let script = Script(
            "<speak>" + String(repeating: "<p>", count: 5_000) + "deep" + String(repeating: "</p>", count: 5_000)
                + "</speak>")
        #expect(script.segments.map(\.text.string) == ["deep"])
        #expect(script.problems.map(\.kind) == [.tooDeep])
    }
}
