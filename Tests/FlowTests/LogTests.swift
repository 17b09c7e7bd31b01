import Testing

@testable import Flow

@Suite struct LogTests {
    private func lines(_ style: LogLine.Style, level: LogLevel = .debug, _ write: (Log) -> Void) -> [String] {
        let lines = Monitor<[String]>([])
        write(Log(label: "net", sink: LogSink(level: level, style: style) { line in lines.update { $0.append(line) } }))
        return lines.withLock { $0 }
    }

    @Test func `a line for a terminal has time, level, part, event and fields`() {
        let line = lines(.logfmt) { $0.info("peer.joined", ["peer": "127.0.0.1:5", "count": 3, "why": "two words"]) }
        #expect(line.first?.hasSuffix(" info net peer.joined peer=127.0.0.1:5 count=3 why=\"two words\"\n") == true)
    }

    @Test func `a line for a program is one JSON object, whatever is in it`() {
        let line = lines(.json) { $0.error("bad.input", ["text": "a\"b\\c\nd\u{1}"]) }
        #expect(line.first?.hasSuffix(#""event":"bad.input","text":"a\"b\\c\nd\u0001"}"# + "\n") == true)
    }

    @Test(arguments: [
        ("token", "abc"), ("Authorization", "Bearer abc"), ("header", "Bearer abc.def-_"),
        ("url", "http://x/y?token=abc&z=1"), ("protocols", "hearsay.v1, bearer.abc"),
    ])
    func `a secret is never shown`(name: String, value: String) {
        let shown = LogLine.redacted(value, name: name)
        #expect(!shown.contains("abc"))
        #expect(shown.contains("[redacted]"))
    }

    @Test func `what stands beside a secret is kept`() {
        #expect(LogLine.redacted("http://x/y?token=abc&z=1", name: "url") == "http://x/y?token=[redacted]&z=1")
    }

    @Test func `one peer cannot fill the log`() {
        let shown = lines(.logfmt) { log in
            for _ in 0..<1_000 { log.limited("10.0.0.1").warning("refused") }
            log.limited("10.0.0.2").warning("refused")
        }
        #expect(shown.count >= 11)
        #expect(shown.count <= 21)
    }

    @Test func `levels below the chosen one are left out`() {
        #expect(lines(.logfmt, level: .warning) { $0.info("x") }.isEmpty)
    }
}
