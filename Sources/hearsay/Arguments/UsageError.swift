/// Why a command line was not understood.
enum UsageError: Error, Hashable, CustomStringConvertible {
    case unknownCommand(String, suggestion: String?)
    case unknownOption(String, command: String, suggestion: String?)
    case missingValue(option: String, value: String)
    case needlessValue(option: String)
    case badValue(option: String, value: String, expected: String)
    case repeated(option: String)
    case missingOperand(String)
    case tooManyOperands(String)
    /// It is the value of an option that was left out.
    case bareOperand(String, option: String)
    /// Several of one thing, which are not as many as those of the other.
    case unequal(String, Int, String, Int)
    case conflict(String, String)
    case missingOption(String, with: String)

    var description: String {
        switch self {
        case .unknownCommand(let name, let suggestion):
            "there is no command “\(name)”\(Self.hint(suggestion)); `hearsay help` lists them"
        case .unknownOption(let name, let command, let suggestion):
            "`\(command)` has no option \(name)\(Self.hint(suggestion)); `hearsay help \(command)` lists them"
        case .missingValue(let option, let value): "\(option) needs a value: \(option) \(value)"
        case .needlessValue(let option): "\(option) takes no value"
        case .badValue(let option, let value, let expected): "\(option) cannot be “\(value)”: \(expected)"
        case .repeated(let option): "\(option) is given more than once"
        case .missingOperand(let usage): "something is missing: \(usage)"
        case .tooManyOperands(let extra): "there is one argument too many: “\(extra)”"
        case .bareOperand(let value, let option): "“\(value)” stands alone; did you mean \(option) \(value)?"
        case .unequal(let one, let count, let other, let otherCount):
            "\(one) is given \(count) times and \(other) \(otherCount == 1 ? "once" : "\(otherCount) times"): "
                + "give one for all, or one for each"
        case .conflict(let first, let second): "\(first) and \(second) exclude each other"
        case .missingOption(let missing, let given): "\(given) needs \(missing) too"
        }
    }

    private static func hint(_ suggestion: String?) -> String {
        suggestion.map { " (did you mean \($0)?)" } ?? ""
    }
}
