package import Commands
private import Flow

/// The book of commands that holds now, for whoever listens.
package final class CommandShelf: Sendable {
    private let book: Monitor<CommandBook>

    package init(_ book: CommandBook) {
        self.book = Monitor(book)
    }

    /// The book that holds now.
    package var current: CommandBook { book.withLock { $0 } }

    /// From now on another book holds.
    package func replace(with book: CommandBook) {
        self.book.withLock { $0 = book }
    }

    /// Finds the commands that a source may give.
    ///
    /// - Parameter wake: The phrase that its commands need before them; nil for what the book says.
    package func matcher(wake: String?) -> CommandMatcher {
        guard let wake, let phrase = try? Phrase(wake) else { return CommandMatcher(current) }
        return CommandMatcher(current.answering(to: phrase))
    }
}
