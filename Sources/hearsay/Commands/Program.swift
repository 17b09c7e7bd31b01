import Remote

/// Finds the command that is meant, runs it, and turns what went wrong into words and an exit code.
struct Program: Sendable {
    let commands: [Command]
    let environment: Environment
    let output: Output

    func run(_ arguments: [String]) async -> ExitCode {
        do throws(UsageError) {
            return try await dispatch(arguments)
        } catch {
            output.note("hearsay: \(error)")
            return .usage
        }
    }

    private func dispatch(_ arguments: [String]) async throws(UsageError) -> ExitCode {
        guard let name = arguments.first else {
            output.text(HelpText.program(commands))
            return .usage
        }
        let rest = Array(arguments.dropFirst())
        switch name {
        case "help", "--help", "-h": return try help(rest)
        case "version", "--version":
            output.line("hearsay \(Hearsay.version)")
            return .success
        default: return try await run(try command(named: name), rest)
        }
    }

    private func run(_ command: Command, _ arguments: [String]) async throws(UsageError) -> ExitCode {
        let parsed = try ArgumentParser(command).parse(arguments)
        if parsed.has("help") {
            output.text(HelpText.command(command))
            return .success
        }
        var output = output
        output.isJSON = parsed.has("json")
        let invocation = Invocation(command: command, arguments: parsed, environment: environment, output: output)
        do {
            return try await attempt(invocation)
        } catch let error as UsageError {
            throw error
        } catch {
            let failure = Failure(error, in: invocation)
            output.report(failure)
            return failure.exitCode
        }
    }

    /// Runs the command, and once more if a person then accepts the server's certificate.
    private func attempt(_ invocation: Invocation) async throws -> ExitCode {
        do {
            return try await invocation.command.run(invocation)
        } catch RemoteError.certificate(let refusal, let url) {
            // Nothing was asked of the server yet: its certificate comes before everything else.
            guard try await TrustQuestion(invocation).allows(refusal, url) else {
                throw RemoteError.certificate(refusal, url: url)
            }
            return try await invocation.command.run(invocation)
        }
    }

    private func help(_ arguments: [String]) throws(UsageError) -> ExitCode {
        if arguments.first == "limits" {
            output.text(LimitsHelp.text)
        } else if arguments.first == "configuration" {
            output.text(ConfigurationHelp.text)
        } else if let name = arguments.first {
            output.text(HelpText.command(try command(named: name)))
        } else {
            output.text(HelpText.program(commands))
        }
        return .success
    }

    private func command(named name: String) throws(UsageError) -> Command {
        if let command = commands.first(where: { $0.name == name }) { return command }
        let names = commands.map(\.name) + ["help", "version"]
        throw .unknownCommand(name, suggestion: Suggestion.nearest(to: name, among: names).map { "“\($0)”" })
    }
}
