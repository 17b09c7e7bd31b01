/// Reads the arguments of one command: `--name value`, `--name=value`, `-n value`, operands, and `--` before operands
/// that begin with a dash.
struct ArgumentParser {
    private let command: Command

    init(_ command: Command) {
        self.command = command
    }

    func parse(_ arguments: [String]) throws(UsageError) -> ParsedArguments {
        var parsed = ParsedArguments()
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                parsed.operands += rest
                break
            } else if argument.hasPrefix("--") {
                try readLong(argument, &rest, into: &parsed)
            } else if argument.hasPrefix("-"), argument != "-" {
                try readShort(argument, &rest, into: &parsed)
            } else {
                parsed.operands.append(argument)
            }
        }
        if !parsed.has("help") { try checkOperands(parsed.operands) }
        return parsed
    }

    private var options: [Option] { command.options + [.flag("help", "h", "this help")] }

    private func readLong(
        _ argument: String, _ rest: inout ArraySlice<String>, into parsed: inout ParsedArguments
    ) throws(UsageError) {
        let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let option = options.first(where: { $0.name == name }) else { throw unknown("--\(name)", name) }
        let inline = parts.count > 1 ? String(parts[1]) : nil
        try store(option, shownAs: "--\(name)", inline: inline, &rest, into: &parsed)
    }

    private func readShort(
        _ argument: String, _ rest: inout ArraySlice<String>, into parsed: inout ParsedArguments
    ) throws(UsageError) {
        let letter = argument[argument.index(after: argument.startIndex)]
        guard let option = options.first(where: { $0.short == letter }) else { throw unknown("-\(letter)", nil) }
        let inline = argument.count > 2 ? String(argument.dropFirst(2)) : nil
        try store(option, shownAs: "-\(letter)", inline: inline, &rest, into: &parsed)
    }

    private func store(
        _ option: Option, shownAs shown: String, inline: String?, _ rest: inout ArraySlice<String>,
        into parsed: inout ParsedArguments
    ) throws(UsageError) {
        guard let placeholder = option.value else {
            guard inline == nil else { throw .needlessValue(option: shown) }
            parsed.values[option.name] = []
            return
        }
        guard let value = inline ?? rest.popFirst() else { throw .missingValue(option: shown, value: placeholder) }
        guard option.isRepeatable || parsed.values[option.name] == nil else { throw .repeated(option: shown) }
        parsed.values[option.name, default: []].append(value)
    }

    private func unknown(_ shown: String, _ name: String?) -> UsageError {
        let suggestion = name.flatMap { Suggestion.nearest(to: $0, among: options.map(\.name)) }
        return .unknownOption(shown, command: command.name, suggestion: suggestion.map { "--\($0)" })
    }

    private func checkOperands(_ operands: [String]) throws(UsageError) {
        if operands.count < command.operands.count.lowerBound {
            throw .missingOperand("hearsay \(command.name) \(command.operands.usage)")
        }
        if operands.count > command.operands.count.upperBound {
            let extra = operands[command.operands.count.upperBound]
            throw command.operands.option.map { .bareOperand(extra, option: $0) } ?? .tooManyOperands(extra)
        }
    }
}
