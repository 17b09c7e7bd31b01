package import Commands
private import Flow
package import VoiceCore

/// The book of commands that holds now, for whoever listens.
package final class CommandShelf: Sendable {
    private let contents: Monitor<(book: CommandBook, grammar: String?)>

    package init(_ book: CommandBook) {
        contents = Monitor((book, book.grammar))
    }

    /// The book that holds now.
    package var current: CommandBook { contents.withLock { $0.book } }

    /// From now on another book holds.
    package func replace(with book: CommandBook) {
        let grammar = book.grammar
        contents.withLock { $0 = (book, grammar) }
    }

    /// What a recogniser is to find out about the sound of a source; nil where no command can be said in so many words.
    ///
    /// - Parameter wake: The phrase that its commands need before them; nil for what the book says.
    package func question(wake: String?) -> OrderQuestion? {
        let (book, known) = contents.withLock { $0 }
        let own = Self.book(book, wake: wake)
        guard let grammar = own == nil ? known : own?.grammar else { return nil }
        let matcher = CommandMatcher(own ?? book)
        return OrderQuestion(grammar: OrderGrammar(text: grammar), longest: (own ?? book).longestOrder) { order in
            matcher.order(order.text, after: nil, score: order.score) != nil
                || matcher.isCall(order.text, score: order.score)
        }
    }

    /// Finds the commands that a source may give.
    ///
    /// - Parameter wake: The phrase that its commands need before them; nil for what the book says.
    package func matcher(wake: String?) -> CommandMatcher {
        CommandMatcher(Self.book(current, wake: wake) ?? current)
    }

    private static func book(_ book: CommandBook, wake: String?) -> CommandBook? {
        wake.flatMap { try? Phrase($0) }.map { book.answering(to: $0) }
    }
}
