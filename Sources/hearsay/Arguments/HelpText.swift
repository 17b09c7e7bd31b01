/// The help of the program and of each command.
enum HelpText {
    /// Where the second column begins, at most.
    private static let widestLabel = 28

    static func program(_ commands: [Command]) -> String {
        let rows = commands.map { (label: $0.name, text: $0.summary) }
        return """
            Hearsay speaks what you write, writes what you say, and tells whether it was heard.

            Usage: hearsay COMMAND [OPTIONS]

            \(table(rows))

            hearsay help COMMAND   everything about one command, with examples
            hearsay help limits    how much the server takes, and how to change it
            hearsay help configuration   what can stand in the server's configuration file

            """
    }

    static func command(_ command: Command) -> String {
        let usage = ["hearsay", command.name, command.operands.usage, command.options.isEmpty ? "" : "[OPTIONS]"]
        var sections = [
            command.summary.prefix(1).uppercased() + command.summary.dropFirst() + ".",
            "Usage: " + usage.filter { !$0.isEmpty }.joined(separator: " "),
        ]
        if !command.discussion.isEmpty { sections.append(command.discussion.joined(separator: "\n")) }
        if !command.options.isEmpty {
            let rows = command.options.map {
                (label: label($0), text: $0.help + ($0.isRepeatable ? " (repeatable)" : ""))
            }
            sections.append("Options:\n" + table(rows))
        }
        if !command.examples.isEmpty {
            let lines = command.examples.map { "  # \($0.meaning)\n  \($0.line)" }
            sections.append("Examples:\n" + lines.joined(separator: "\n"))
        }
        return sections.joined(separator: "\n\n") + "\n"
    }

    private static func label(_ option: Option) -> String {
        let short = option.short.map { "-\($0), " } ?? ""
        return "\(short)--\(option.name)" + (option.value.map { " \($0)" } ?? "")
    }

    /// Rows in two columns; a label that is too wide gets a line of its own.
    static func table(_ rows: [(label: String, text: String)]) -> String {
        let width = min(widestLabel, rows.map(\.label.count).max() ?? 0)
        return rows.map { row in
            let gap =
                row.label.count > width ? "\n" + String(repeating: " ", count: width + 4) : padding(row.label, width)
            return "  \(row.label)\(gap)\(row.text)"
        }.joined(separator: "\n")
    }

    private static func padding(_ label: String, _ width: Int) -> String {
        String(repeating: " ", count: width - label.count + 2)
    }
}
