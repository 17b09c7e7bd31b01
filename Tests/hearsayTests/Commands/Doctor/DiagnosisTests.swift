import Testing

@testable import hearsay

@Suite struct DiagnosisTests {
    private func code(_ findings: Finding...) -> ExitCode { Diagnosis(findings: findings).exitCode }

    @Test func `notes and warnings leave speech to be heard`() {
        #expect(code(.ok("a", "b"), .note("a", "b"), .warning("a", "b")) == .success)
        #expect(Diagnosis(findings: [.warning("a", "b")]).text == "Speech can be heard. (1 warning)")
    }

    @Test func `the obstacle that comes first decides, in whatever order they are found`() {
        let order: [ExitCode] = [.usage, .refused, .engineFailed, .certificateRefused, .unreachable, .nobodyHeard]
        for (index, first) in order.enumerated() {
            let findings = order[index...].reversed().map { Finding.problem("a", "b", $0) }
            #expect(Diagnosis(findings: findings).exitCode == first)
        }
    }

    @Test(arguments: [
        (ExitCode.usage, "settings"), (.refused, "refused"), (.engineFailed, "No engine"),
        (.certificateRefused, "certificate"), (.unreachable, "No server"), (.nobodyHeard, "Nobody"),
    ])
    func `every obstacle has its sentence`(code: ExitCode, word: String) {
        let text = Diagnosis(findings: [.problem("a", "b", code), .warning("c", "d"), .warning("e", "f")]).text
        #expect(text.contains(word) && text.hasSuffix("(1 problem, 2 warnings)"))
    }
}

@Suite struct FindingTextTests {
    private let finding = Finding.problem(
        "server", "none answers at a place with a name that needs more than one line of text", .unreachable,
        .run("hearsay serve", "Start one"), .run("a command too long to stand behind its words here", "Or try"))

    @Test func `lines keep within the columns and commands stay whole`() {
        let lines = FindingText(columns: 80, hasColours: false).lines(finding)
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(lines[0].hasPrefix("  problem  server        none answers"))
        #expect(lines.contains { $0.hasSuffix("→ Start one: hearsay serve") })
        #expect(lines.last?.hasSuffix("  a command too long to stand behind its words here") == true)
    }

    @Test func `colours are there only when asked for`() {
        #expect(FindingText(columns: 80, hasColours: true).lines(finding)[0].contains("\u{1B}[31mproblem\u{1B}[0m"))
        #expect(!FindingText(columns: 80, hasColours: false).lines(finding).joined().contains("\u{1B}"))
    }

    @Test func `a word longer than a line is not lost`() {
        #expect(FindingText.wrapped("a bbbbbbbb c", columns: 4) == ["a", "bbbbbbbb", "c"])
        #expect(FindingText.wrapped("", columns: 4) == [""])
    }

    @Test func `a path with a space is one word of a command`() {
        #expect("/a/b-c_1.txt".shellWord == "/a/b-c_1.txt")
        #expect("/my files/it's".shellWord == #"'/my files/it'\''s'"#)
        #expect("".shellWord == "''")
    }
}
