import Testing

@testable import hearsay

@Suite struct ArgumentParserTests {
    private let command = Command(
        name: "say", summary: "", operands: .init(usage: "TEXT", count: 1...2),
        options: [
            .value("voice", "NAME", "v", ""), .flag("json", nil, ""), .values("deliver", "WHERE", ""),
            .value("speed", "FACTOR", nil, ""),
        ], run: { _ in .success })

    private func parse(_ arguments: String...) throws(UsageError) -> ParsedArguments {
        try ArgumentParser(command).parse(arguments)
    }

    @Test(arguments: [
        ["--voice", "rms", "hello"], ["--voice=rms", "hello"], ["-v", "rms", "hello"], ["-vrms", "hello"],
        ["hello", "--voice", "rms"],
    ])
    func `an option is read in every way of writing it`(arguments: [String]) throws {
        let parsed = try ArgumentParser(command).parse(arguments)
        #expect(parsed.string("voice") == "rms")
        #expect(parsed.operands == ["hello"])
    }

    @Test func `what follows two dashes is no option`() throws {
        #expect(try parse("--", "--voice", "-").operands == ["--voice", "-"])
    }

    @Test func `a single dash is an operand`() throws {
        #expect(try parse("-").operands == ["-"])
    }

    @Test func `a value may begin with a dash`() throws {
        #expect(try parse("--voice", "-3", "x").string("voice") == "-3")
    }

    @Test func `repeatable options keep all values in order`() throws {
        #expect(try parse("--deliver", "a", "--deliver=b", "x").strings("deliver") == ["a", "b"])
    }

    @Test func `an unknown option names the one that was probably meant`() {
        #expect(throws: UsageError.unknownOption("--vioce", command: "say", suggestion: "--voice")) {
            try parse("--vioce", "rms", "x")
        }
    }

    @Test(arguments: [
        (["--voice"], UsageError.missingValue(option: "--voice", value: "NAME")),
        (["--json=1", "x"], .needlessValue(option: "--json")),
        (["--voice", "a", "--voice", "b", "x"], .repeated(option: "--voice")),
        ([], .missingOperand("hearsay say TEXT")),
        (["a", "b", "c"], .tooManyOperands("c")),
        (["-x", "a"], .unknownOption("-x", command: "say", suggestion: nil)),
    ])
    func `what cannot be understood is said`(arguments: [String], error: UsageError) {
        #expect(throws: error) { try ArgumentParser(command).parse(arguments) }
    }

    @Test func `an operand that is the value of an option is told so`() {
        var command = command
        command.operands = .init(option: "--source")
        #expect(throws: UsageError.bareOperand("note.wav", option: "--source")) {
            try ArgumentParser(command).parse(["note.wav"])
        }
    }

    @Test func `help needs no operand`() throws {
        #expect(try parse("--help").has("help"))
    }
}

@Suite struct ParsedArgumentsTests {
    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("3s", .seconds(3)), ("3", .seconds(3)), ("0", .zero),
        ("1.5s", .milliseconds(1500)), ("10m", .seconds(600)), ("2h", .seconds(7200)), ("30d", .seconds(2_592_000)),
    ])
    func `times are read with their unit`(text: String, duration: Duration) throws {
        #expect(try ParsedArguments(values: ["expires": [text]]).duration("expires") == duration)
    }

    @Test(arguments: ["", "s", "-1s", "1 s", "5x", "1e400", "..s"])
    func `other texts are no times`(text: String) {
        #expect(throws: UsageError.self) { try ParsedArguments(values: ["expires": [text]]).duration("expires") }
    }

    @Test func `a number outside its range is refused with the range`() {
        let error = UsageError.badValue(option: "--speed", value: "9", expected: "a number from 0.25 to 4")
        #expect(throws: error) { try ParsedArguments(values: ["speed": ["9"]]).number("speed", in: 0.25...4) }
    }
}

@Suite struct SuggestionTests {
    private let commands = ["serve", "say", "play", "abort", "events", "voices", "stop", "doctor"]

    @Test(arguments: [
        ("sya", "say"), ("serv", "serve"), ("vioces", "voices"), ("evnets", "events"), ("doc", "doctor"),
        ("plya", "play"),
    ])
    func `a slip of the fingers finds its command`(word: String, meant: String) {
        #expect(Suggestion.nearest(to: word, among: commands) == meant)
    }

    @Test func `something else entirely finds none`() {
        #expect(Suggestion.nearest(to: "xylophone", among: commands) == nil)
    }
}
