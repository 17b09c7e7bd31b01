/// One call of a command: what was asked, where it runs, and where its output goes.
struct Invocation: Sendable {
    var command: Command
    var arguments: ParsedArguments
    var environment: Environment
    var output: Output
}
