/// A command that needs attention in a book that says nothing of how to call for it, so that nobody can give it but
/// sources with a phrase of their own.
package struct BookWarning: Hashable, Sendable {
    /// From 1.
    package var line: Int
    package var command: String

    package init(line: Int, command: String) {
        self.line = line
        self.command = command
    }
}

extension BookWarning: CustomStringConvertible {
    package var description: String {
        "line \(line): [\(command)] needs attention, and no [attention] says how to call for it; only sources with a wake "
            + "phrase of their own can give it"
    }
}
