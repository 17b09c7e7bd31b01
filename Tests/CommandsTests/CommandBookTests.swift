import Commands
import Testing

@Suite struct CommandBookTests {
    @Test func `comments, empty lines and spaces are passed over`() throws {
        let book = try CommandBook("\n# all of it\n [ lamp ] # here\n  phrase =  lamp   on # so\r\n threshold=90\n\n")
        #expect(book.entries.map(\.name) == ["lamp"])
        #expect(book.entries.first?.threshold == 90)
        #expect(book.attention == nil)
        #expect(try CommandBook("").entries.isEmpty)
    }

    @Test(arguments: [
        ("phrase = a", 1, BookError.Problem.outsideSection), ("[lamp\nphrase = a", 1, .badSection),
        ("[a b]\n", 1, .badSection), ("[lamp]\n\n[fan]\nphrase = fan", 3, .noPhrase("lamp")),
        ("[lamp]\nphrase = a\n[lamp]\nphrase = b", 5, .twice("lamp")), ("[lamp]\nphrase", 2, .noValue),
        ("[lamp]\nphrase = a\ncolour = red", 3, .unknownKey("colour")),
        ("[lamp]\nattention = maybe", 2, .unknownKey("attention")),
        ("[lamp]\nphrase = a\nthreshold = 120", 3, .badThreshold),
        ("[lamp]\nphrase = a\nthreshold = nan", 3, .badThreshold),
        ("[lamp]\nphrase = [a", 2, .badPhrase(.unbalanced)), ("[lamp]\nphrase = a)", 2, .badPhrase(.unbalanced)),
        ("[lamp]\nphrase = a | b", 2, .badPhrase(.unbalanced)), ("[lamp]\nphrase = {a}", 2, .badPhrase(.empty)),
        ("[lamp]\nphrase = [a] [b]", 2, .badPhrase(.empty)),
        ("[lamp]\nphrase = go {a} {b}", 2, .badPhrase(.slotsTouch)),
        ("[lamp]\nphrase = go {a b}", 2, .badPhrase(.badSlot)),
        ("[lamp]\nphrase = {a} to {a}", 2, .badPhrase(.badSlot)),
        ("[lamp]\nphrase = {a:} to", 2, .badPhrase(.badSlot)),
        ("[lamp]\nphrase = {a:b|} to", 2, .badPhrase(.badSlot)), ("[lamp]\nphrase = {a:{b}}", 2, .badPhrase(.badSlot)),
        ("[lamp]\nphrase = <a|<b|c>>", 2, .badPhrase(.badMixture)),
        ("[lamp]\nphrase = go <a|{b}>", 2, .badPhrase(.badMixture)),
        ("[lamp]\nphrase = <a|[b]>", 2, .badPhrase(.badMixture)), ("[lamp]\nphrase = <a", 2, .badPhrase(.unbalanced)),
        ("[slots]\na b = c", 2, .badSlotName("a b")), ("[slots]\na = b\na = c", 3, .twice("a")),
        ("[slots]\na", 2, .noValue), ("[lamp]\nphrase = {c} on\n[slots]\nc = (red", 4, .badPhrase(.unbalanced)),
    ])
    func `a mistake is told with its line`(_ text: String, _ line: Int, _ problem: BookError.Problem) {
        #expect(throws: BookError(line: line, problem: problem)) { try CommandBook(text) }
    }

    @Test func `a command that needs attention where nothing calls for it is warned of with its line`() throws {
        let text = "[lamp]\nphrase = lamp\nattention = required\n[fan]\nattention = optional\nphrase = fan\n"
        #expect(try CommandBook(text).warnings == [BookWarning(line: 3, command: "lamp")])
        #expect(try CommandBook(text + "[attention]\nphrase = listen").warnings == [])
        #expect(try CommandBook(text).answering(to: Phrase("hey")).warnings == [])
    }

    @Test func `a phrase with too many ways to say it is refused before they are made`() {
        let text = "go " + (0..<40).map { "[w\($0)]" }.joined(separator: " ")
        #expect(throws: PhraseError.tooManyForms) { try Phrase(text) }
    }

    @Test func `a book without end is refused`() {
        let text = "[lamp]\n" + String(repeating: "phrase = lamp on\n", count: 501)
        #expect(throws: BookError(line: 502, problem: .tooManyPhrases)) { try CommandBook(text) }
    }

    @Test func `brackets within brackets only cost depth`() {
        let text = String(repeating: "(", count: 5_000) + "a" + String(repeating: ")", count: 5_000)
        #expect(throws: PhraseError.unbalanced) { try Phrase(text) }
    }
}
