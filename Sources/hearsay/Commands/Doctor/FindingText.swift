/// Writes findings for people: a state, a subject, a text, and what to do, within the columns of the terminal.
struct FindingText: Hashable, Sendable {
    /// Two spaces, the state, the subject, and two spaces behind each.
    private static let indent = 25
    private static let stateWidth = 7
    private static let subjectWidth = 12

    var columns: Int
    var hasColours: Bool

    func lines(_ finding: Finding) -> [String] {
        let texts = Self.wrapped(finding.text, columns: columns - Self.indent)
        let state = finding.state.rawValue
        let padding = String(repeating: " ", count: Self.stateWidth - state.count)
        let head = "  " + coloured(state, finding.state.colour) + padding + "  " + padded(finding.subject) + "  "
        return texts.enumerated().map { $0 == 0 ? head + $1 : margin + $1 } + finding.remedies.flatMap(lines)
    }

    /// A command is never broken, so that it can be copied; where it does not fit behind its words it gets its own line.
    private func lines(_ remedy: Finding.Remedy) -> [String] {
        let room = columns - Self.indent - 2
        guard let command = remedy.command else { return arrowed(Self.wrapped(remedy.words, columns: room)) }
        let words = Self.wrapped(remedy.words + ":", columns: room)
        let shown = coloured(command, "1")
        guard let last = words.last, last.count + 1 + command.count <= room else {
            return arrowed(words) + [margin + "  " + shown]
        }
        return arrowed(words.dropLast() + [last + " " + shown])
    }

    private func arrowed(_ lines: [String]) -> [String] {
        lines.enumerated().map { margin + ($0 == 0 ? "→ " : "  ") + $1 }
    }

    private var margin: String { String(repeating: " ", count: Self.indent) }

    private func padded(_ subject: String) -> String {
        subject + String(repeating: " ", count: max(0, Self.subjectWidth - subject.count))
    }

    /// - Parameter colour: The number of a terminal's attribute (ECMA-48, SGR).
    func coloured(_ text: String, _ colour: String) -> String {
        hasColours ? "\u{1B}[\(colour)m\(text)\u{1B}[0m" : text
    }

    /// Breaks a text between words; a word longer than a line keeps a line of its own.
    static func wrapped(_ text: String, columns: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ").map({ String($0) }) {
            if let last = lines.last, last.count + 1 + word.count <= columns {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(word)
            }
        }
        return lines.isEmpty ? [""] : lines
    }
}

extension Finding.State {
    /// ECMA-48: green, cyan, yellow, red.
    fileprivate var colour: String {
        switch self {
        case .ok: "32"
        case .note: "36"
        case .warning: "33"
        case .problem: "31"
        }
    }
}
