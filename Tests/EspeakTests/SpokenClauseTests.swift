import Testing
import hearsay_espeak

@Suite struct SpokenClauseTests {
    @Test(arguments: [
        ("Hello, world!", [("Hello", ","), (" world", "!")]),
        ("It costs 3.5 euros: no more", [("It costs 3.5 euros", ":"), (" no more", "")]),
        ("Well… “yes”—no。", [("Well", "."), (" “yes”", ","), ("no", ".")]),
        ("", []), ("?! ...", []),
    ])
    func `a text is cut at the marks that are heard, and not within numbers`(
        _ text: String, _ expected: [(String, String)]
    ) {
        #expect(SpokenClause.clauses(of: text).map { [$0.text, $0.mark] } == expected.map { [$0.0, $0.1] })
    }
}
