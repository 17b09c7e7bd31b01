import Flow
import Testing

@testable import hearsay

@Suite struct ProgramTests {
    private let written = Monitor<[Int32: String]>([:])

    private func run(_ arguments: String...) async -> ExitCode {
        let output = Output(isTerminal: false) { [written] descriptor, text in
            written.withLock { $0[descriptor, default: ""] += text }
            return true
        }
        let environment = Environment(variables: ["HEARSAY_SERVER": "http://127.0.0.1:1"], accountHome: "/nonexistent")
        return await Program(commands: Command.all, environment: environment, output: output).run(arguments)
    }

    private var results: String { written.withLock { $0[1] ?? "" } }
    private var notes: String { written.withLock { $0[2] ?? "" } }

    @Test func `help lists every command`() async {
        #expect(await run("help") == .success)
        for command in Command.all { #expect(results.contains(command.name)) }
    }

    @Test(arguments: Command.all.map(\.name))
    func `every command has a help with an example, at most 100 columns wide`(name: String) async {
        #expect(await run("help", name) == .success)
        #expect(results.contains("Examples:"))
        #expect(results.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test func `a mistyped command is a usage error that names the right one`() async {
        #expect(await run("sya", "hello") == .usage)
        #expect(notes.contains("did you mean “say”?"))
    }

    @Test func `a mistyped option is a usage error`() async {
        #expect(await run("say", "--vioce", "rms", "x") == .usage)
        #expect(notes.contains("did you mean --voice?"))
    }

    @Test func `without a server every client says so and what to do`() async {
        for arguments in [["say", "x"], ["abort"], ["voices"], ["events"], ["token", "list"], ["stop"]] {
            let output = Output(isTerminal: false) { [written] descriptor, text in
                written.withLock { $0[descriptor, default: ""] += text }
                return true
            }
            let environment = Environment(
                variables: ["HEARSAY_SERVER": "http://127.0.0.1:1"], accountHome: "/nonexistent")
            let program = Program(commands: Command.all, environment: environment, output: output)
            #expect(await program.run(arguments) == .unreachable, "\(arguments)")
        }
        #expect(notes.contains("no server answers at http://127.0.0.1:1"))
        #expect(notes.contains("hearsay serve"))
    }

    @Test(arguments: [
        (["note.wav"], "did you mean --source note.wav?"),
        (["--name", "a b"], "--name cannot be “a b”: 1 to 64 visible ASCII characters"),
        (["--name", ".."], "but not . or .."),
        (["--session", String(repeating: "x", count: 65)], "--session cannot be"),
        (
            ["--server", "http://a", "--token", "x", "--token", "y"],
            "--token is given 2 times and --server once: give one for all, or one for each"
        ),
    ])
    func `hear says which of its options is wrong`(arguments: [String], words: String) async {
        let output = Output(isTerminal: false) { [written] descriptor, text in
            written.withLock { $0[descriptor, default: ""] += text }
            return true
        }
        let environment = Environment(variables: [:], accountHome: "/nonexistent")
        let program = Program(commands: Command.all, environment: environment, output: output)
        #expect(await program.run(["hear"] + arguments) == .usage)
        #expect(notes.contains(words), "\(notes)")
    }

    @Test func `an address that is none is a usage error`() async {
        #expect(await run("serve", "--listen", "nonsense") == .usage)
        #expect(notes.contains("--listen cannot be “nonsense”"))
    }
}
