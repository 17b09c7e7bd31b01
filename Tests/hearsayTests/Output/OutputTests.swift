import Remote
import Testing

@testable import hearsay

@Suite struct QRCodeTests {
    @Test func `a link becomes a code with its three finder patterns`() throws {
        let code = try #require(QRCode("http://127.0.0.1:7780/player#token=abcdefghijklmnopqrstuvwxyz0123456789"))
        let last = code.width - 7
        for (row, column) in [(0, 0), (0, last), (last, 0)] {
            // ISO/IEC 18004, section 6.3.3: a dark ring, a light ring, a dark square of 3.
            #expect((0..<7).allSatisfy { code.isDark(row, column + $0) && code.isDark(row + 6, column + $0) })
            #expect((1..<6).allSatisfy { !code.isDark(row + 1, column + $0) })
            #expect(code.isDark(row + 3, column + 3))
        }
    }

    @Test func `every line is as wide as the code and its margin`() throws {
        let code = try #require(QRCode("x"))
        let plain = code.lines().map { $0.filter { "█▀▄ ".contains($0) } }
        #expect(plain.allSatisfy { $0.count == code.width + 4 })
        #expect(plain.count == (code.width + 5) / 2)
    }

    @Test func `what is too long for a code gives none`() {
        #expect(QRCode(String(repeating: "x", count: 4_000)) == nil)
    }
}

@Suite struct ProgressLineTests {
    @Test(arguments: [(0, 0), (50, 10), (100, 20), (250, 20), (-3, 0)])
    func `the bar fills with the percentage`(percent: Int, filled: Int) {
        #expect(ProgressLine.bar(percent: percent).filter { $0 == "━" }.count == filled)
    }

    @Test(arguments: [(0.0, 8), (-24, 4), (-48, 0), (-90, 0), (3, 8)])
    func `the meter follows the level`(level: Double, filled: Int) {
        #expect(ProgressLine.meter(level: level).filter { $0 == "▮" }.count == filled)
    }

    @Test func `the words around the spoken one fit the room and keep control characters out`() {
        let text = String(repeating: "one two\u{1B}three\n", count: 20)
        let line = ProgressLine(text: text, output: Output(isTerminal: true) { _, _ in true })
        let shown = line.words(around: 100..<103, room: 40)
        let plain = shown.replacing("\u{1B}[2m", with: "").replacing("\u{1B}[0m", with: "")
        #expect(plain.unicodeScalars.count == 40)
        #expect(plain.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }

    @Test(arguments: [0..<0, 0..<2, 5..<9, 30..<34, 34..<90])
    func `any word range is shown or left out, never a trap`(range: Range<Int>) {
        let text = "A short text of thirty-four signs."
        let line = ProgressLine(text: text, output: Output(isTerminal: true) { _, _ in true })
        for room in [0, 11, 20, 200] { _ = line.words(around: range, room: room) }
    }
}

@Suite struct DurationTextTests {
    @Test(arguments: [
        (Duration.milliseconds(84), "84 ms"), (.milliseconds(2_340), "2.3 s"), (.milliseconds(999), "999 ms"),
        (.milliseconds(59_990), "1 min 0 s"), (.seconds(65), "1 min 5 s"), (.zero, "0 ms"),
    ])
    func `durations read easily`(duration: Duration, text: String) {
        #expect(duration.shown == text)
    }
}

@Suite struct TableTests {
    @Test func `columns line up and lines end with their text`() {
        #expect(Table.lines([["VOICE", "LANGUAGE"], ["slt", "en-US"]]) == ["VOICE  LANGUAGE", "slt    en-US"])
    }
}
