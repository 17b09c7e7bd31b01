import Wire
import JSON

/// One thing that the doctor looked at.
struct Finding: Hashable, Sendable {
    enum State: String, Hashable, Sendable {
        case good
        /// Works without it, or is not there yet.
        case notable
        case bad
    }

    var subject: String
    var state: State
    /// What is there, lower case, no full stop.
    var text: String
    /// How to mend it, a line each.
    var advice: [String] = []
    /// What the doctor returns if this is bad.
    var exitCode = ExitCode.success

    static func good(_ subject: String, _ text: String) -> Finding {
        Finding(subject: subject, state: .good, text: text)
    }

    static func notable(_ subject: String, _ text: String, _ advice: String...) -> Finding {
        Finding(subject: subject, state: .notable, text: text, advice: advice)
    }

    static func bad(_ subject: String, _ text: String, _ exitCode: ExitCode, _ advice: String...) -> Finding {
        Finding(subject: subject, state: .bad, text: text, advice: advice, exitCode: exitCode)
    }

    var lines: [String] {
        let mark =
            switch state {
            case .good: "ok  "
            case .notable: "--  "
            case .bad: "BAD "
            }
        let name = subject + String(repeating: " ", count: max(0, 12 - subject.count))
        return ["\(mark)\(name)  \(text)"] + advice.map { String(repeating: " ", count: 18) + $0 }
    }

    var json: JSONValue {
        var fields: [String: JSONValue] = [
            "subject": .string(subject), "state": .string(state.rawValue), "text": .string(text),
        ]
        if !advice.isEmpty { fields["advice"] = .array(advice.map(JSONValue.string)) }
        return .object(fields)
    }
}
