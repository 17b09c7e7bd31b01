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

    /// What a recogniser may be asked about the sound of a text that nearly holds a command; nil where it is not worth it.
    ///
    /// - Parameter wake: The phrase that commands of the source need before them; a grammar knows nothing of it.
    package func grammar(for text: String, wake: String?) -> OrderGrammar? {
        guard wake == nil, let grammar = contents.withLock({ $0.grammar }), matcher(wake: nil).nearlyMatches(text)
        else { return nil }
        return OrderGrammar(text: grammar)
    }

    /// Finds the commands that a source may give.
    ///
    /// - Parameter wake: The phrase that its commands need before them; nil for what the book says.
    package func matcher(wake: String?) -> CommandMatcher {
        guard let wake, let phrase = try? Phrase(wake) else { return CommandMatcher(current) }
        return CommandMatcher(current.answering(to: phrase))
    }
}
