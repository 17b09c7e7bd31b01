import JSON

/// One thing that the doctor looked at, and how it is.
struct Finding: Hashable, Sendable {
    enum State: String, Hashable, Sendable {
        case ok
        /// Good to know; nothing is wrong.
        case note
        /// Speech can be heard, but not everywhere, not for ever, or not by the right people alone.
        case warning
        /// Speech cannot be heard because of it.
        case problem
    }

    /// What to do about it.
    struct Remedy: Hashable, Sendable {
        /// A sentence, or the beginning of one that the command ends.
        var words: String
        /// A command line to copy.
        var command: String?
    }

    var subject: String
    var state: State
    /// What is there, lower case, no full stop.
    var text: String
    var remedies: [Remedy] = []
    /// What the doctor returns because of a problem.
    var exitCode = ExitCode.success

    static func ok(_ subject: String, _ text: String) -> Finding {
        Finding(subject: subject, state: .ok, text: text)
    }

    static func note(_ subject: String, _ text: String, _ remedies: Remedy...) -> Finding {
        Finding(subject: subject, state: .note, text: text, remedies: remedies)
    }

    static func warning(_ subject: String, _ text: String, _ remedies: Remedy...) -> Finding {
        Finding(subject: subject, state: .warning, text: text, remedies: remedies)
    }

    static func problem(_ subject: String, _ text: String, _ exitCode: ExitCode, _ remedies: Remedy...) -> Finding {
        Finding(subject: subject, state: .problem, text: text, remedies: remedies, exitCode: exitCode)
    }

    /// Members: `type, subject, state, text, remedies?`; a remedy has `words` and perhaps a `command`.
    var json: JSONValue {
        var fields: [String: JSONValue] = [
            "type": "finding", "subject": .string(subject), "state": .string(state.rawValue), "text": .string(text),
        ]
        if !remedies.isEmpty { fields["remedies"] = .array(remedies.map(\.json)) }
        return .object(fields)
    }
}

extension Finding.Remedy {
    static func advice(_ words: String) -> Self { Self(words: words) }

    /// - Parameter command: As it is typed into a shell.
    static func run(_ command: String, _ words: String) -> Self { Self(words: words, command: command) }

    fileprivate var json: JSONValue {
        var fields: [String: JSONValue] = ["words": .string(words)]
        fields["command"] = command.map(JSONValue.string)
        return .object(fields)
    }
}

extension String {
    /// As one word of a shell command.
    var shellWord: String {
        let isPlain = !isEmpty && unicodeScalars.allSatisfy { $0.isShellSafe }
        return isPlain ? self : "'" + replacing("'", with: "'\\''") + "'"
    }
}

extension Unicode.Scalar {
    fileprivate var isShellSafe: Bool {
        isASCII
            && (properties.isAlphabetic || properties.numericType != nil || "/._-:@%+,".unicodeScalars.contains(self))
    }
}
