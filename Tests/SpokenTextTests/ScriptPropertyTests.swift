import Testing

@testable import SpokenText

@Suite struct ScriptPropertyTests {
    @Test(arguments: 0..<300)
    func `whatever the text, every word knows its place and nothing is lost`(seed: Int) {
        var random = SeededRandom(seed)
        let text = RandomText.make(&random)
        for language in ["en", "de"] {
            let script = Script(text, ScriptOptions(language: language))
            check(script, of: text)
        }
    }

    private func check(_ script: Script, of text: String) {
        let count = text.unicodeScalars.count
        var place = 0
        var last = 0
        for segment in script.segments {
            #expect(segment.source.lowerBound == place, "\(text)")
            place = segment.source.upperBound
            for origin in segment.text.origins {
                #expect(!origin.isEmpty && origin.lowerBound >= last && origin.upperBound <= count, "\(text)")
                last = origin.lowerBound
            }
            if let first = segment.text.origins.first, let end = segment.text.origins.last {
                #expect(first.lowerBound >= segment.source.lowerBound, "\(text)")
                #expect(end.upperBound <= segment.source.upperBound, "\(text)")
            }
            #expect(segment.phonemes.allSatisfy { $0.range.upperBound <= segment.text.count })
        }
        #expect(script.segments.isEmpty || place == count, "\(text)")
    }

    @Test(arguments: 0..<300)
    func `what is spoken already hardly changes when it is read out again`(seed: Int) {
        var random = SeededRandom(seed)
        var options = ScriptOptions()
        options.markup = .plain
        let once = Script(RandomText.make(&random)).segments.map(\.text.string).joined(separator: "\n")
        let again = Script(once, options).segments.map(\.text.string).joined(separator: "\n")
        // What stands side by side by chance may now be an abbreviation or a path.
        let changes = words(again).difference(from: words(once)).count
        #expect(changes <= 2 + words(once).count / 5, "\(once)")
    }

    private func words(_ text: String) -> [Substring] {
        text.split { !$0.isLetter && !$0.isNumber }
    }

    @Test(arguments: RandomText.hostile)
    func `hostile texts are read to their end`(piece: String) {
        let text = String(repeating: piece, count: 4_000 / piece.unicodeScalars.count)
        for prefix in ["", "<speak>", "`"] { check(Script(prefix + text), of: prefix + text) }
    }
}

/// Numbers that are the same in each run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(seed) &* 0xD134_2543_DE82_EF95 &+ 1 }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// Texts of everything that means something, in any order.
enum RandomText {
    static func make(_ random: inout SeededRandom) -> String {
        let start = random.next() % 5 == 0 ? "<speak>" : ""
        return start
            + (0..<Int.random(in: 1...40, using: &random)).map { _ in
                (pieces.randomElement(using: &random) ?? "") + (gaps.randomElement(using: &random) ?? "")
            }.joined()
    }

    private static let gaps = [" ", " ", " ", " ", "", "\n", ". ", ", ", "\n\n", "\u{A0}", "!", "\t"]
    private static let pieces = [
        "hello", "World", "the", "Dr.", "e.g.", "etc.", "St.", "No.", "5", "$5.20", "€", "USD 3", "1,234", "3.14", "-7",
        "5-10",
        "1h30m", "20°C", "2024-05-03", "14:30", "2pm", "May 3, 2024", "IV", "Chapter", "a1b2c3d4", "v1.2.3", "1/2",
        "50%", "10k",
        "https://example.org/x", "jane@example.org", "/usr/bin/env", "README.md", "camelCase", "snake_case", "foo()",
        "C++",
        "**", "*", "_", "`", "```", "~~", "#", "##", ">", "-", "|", "[", "]", "](", ")", "![", "[^1]", "[pause:1s]",
        "[🎉 celebration]",
        "<b>", "</b>", "<!--", "-->", "&amp;", "&", "\\", "<break time='1s'/>", "<prosody rate='fast'>", "</prosody>",
        "<sub alias='x y'>", "</sub>", "<say-as interpret-as='digits'>", "</say-as>", "<p>", "🎉", "👍🏽", "👨‍👩‍👧", "🫨", "→",
        "≤", "@", "é",
        "日本語", "e\u{301}", "…", "...", "!!!", "---", "1️⃣", "½", "x²", "+1 555 123 4567", "192.168.0.1", "::1",
        "\u{200D}", "\u{FE0F}",
    ]

    static let hostile = [
        "[", "[[", "(a", "*a", "**a ", "_", "`", "`a``", "<", "<b", "<!--", "[a](", "![", "a/", "1", "1.", "1,234,",
        "a.", "A.", "a@", "http://",
        "> ", "- ", "|", "a\n", "```\n", "\\", "&", "&a;", "<p>", "</p>", "<a b='", "☎️", "👨\u{200D}", "e\u{301}", "1:",
        "::", "-", "0x", "$", "a b ", "\"",
    ]
}
