import Flow
import Gateway
import Testing

@testable import hearsay

@Suite struct LimitOptionsTests {
    private func limits(_ options: [String], file: String = "") throws -> ServerLimits {
        let arguments = ParsedArguments(values: ["limit": options])
        let environment = Environment(variables: [:], accountHome: "/nonexistent")
        return try LimitOptions.read(
            Settings(arguments: arguments, environment: environment, file: ConfigurationFile(file)))
    }

    @Test(arguments: [
        ("text_bytes=32KiB", LimitName.textBytes, 32_768), ("text-bytes=100", .textBytes, 100),
        ("body_bytes=8mib", .bodyBytes, 8_388_608), ("jobs=7", .jobs, 7),
        ("message_bytes=1 GiB", .messageBytes, 1 << 30),
    ])
    func `a limit is read by its name`(text: String, name: LimitName, value: Int) throws {
        #expect(try limits([text])[name] == value)
    }

    @Test func `what is not named keeps its default`() throws {
        let limits = try limits(["jobs=7"])
        for name in LimitName.allCases where name != .jobs { #expect(limits[name] == name.defaultValue) }
    }

    @Test func `an option goes before the configuration file, and the last one counts`() throws {
        let file = "limit.jobs = 5\nlimit.listeners = 9\n"
        let limits = try limits(["jobs=7", "jobs=8"], file: file)
        #expect((limits[.jobs], limits[.listeners]) == (8, 9))
    }

    @Test(arguments: [
        "jobs", "jobs=", "jobs=0", "jobs=many", "jobs=1KiB", "job=3", "text_bytes=2GiB", "text_bytes=1TiB",
        "body_bytes=99999999999999999999GiB", "head_bytes=9223372036854775807KiB", "=3",
    ])
    func `a bad limit is a usage error`(text: String) {
        #expect(throws: UsageError.self) { try limits([text]) }
    }

    @Test func `a bad limit in the file is named by its key`() {
        #expect {
            try limits([], file: "limit.jobs = x")
        } throws: {
            "\($0)".contains("limit.jobs cannot be “x”: a whole number from 1 to 100000")
        }
    }

    @Test func `every default lies in its range and reads back as it is shown`() throws {
        for name in LimitName.allCases {
            #expect(name.range.contains(name.defaultValue))
            let shown = LimitOptions.shown(name.defaultValue, name)
            #expect(try limits(["\(name.rawValue)=\(shown)"])[name] == name.defaultValue)
        }
    }

    @Test func `connections are lowered to what the system leaves, and a warning says so`() {
        let lines = Monitor<[String]>([])
        let sink = LogSink(level: .debug, style: .logfmt) { line in lines.update { $0.append(line) } }
        let limits = DescriptorBudget(count: 1_024).applied(to: ServerLimits(), Log(label: "test", sink: sink))
        #expect(limits[.connections] == 1_024 - DescriptorBudget.reserve)
        #expect(lines.withLock { $0 }.first?.contains("connections.lowered") == true)
    }

    @Test func `connections that fit stay as they were asked for`() {
        let log = Log(label: "test", sink: LogSink(level: .debug, style: .logfmt) { _ in })
        #expect(DescriptorBudget(count: 100_000).applied(to: ServerLimits(), log) == ServerLimits())
    }
}
