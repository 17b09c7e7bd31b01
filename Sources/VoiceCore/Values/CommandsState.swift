/// Which commands are listened for, and how that stands to their file.
package struct CommandsState: Hashable, Sendable {
    /// Where the commands that hold come from.
    package enum Book: String, Hashable, Sendable {
        /// The file, as it was when it could last be read.
        case file
        /// Palaver's: there is no file, or none that could be read since the start.
        case usual
    }

    /// The file that is watched, whether there is one or not.
    package var file: String
    package var book: Book
    /// How many commands hold.
    package var count: Int
    /// The lines because of which the file cannot be used and what held before goes on; nil for the file as a whole.
    package var mistakes: [Int?] = []
    /// The lines of commands that hold and that nobody can give.
    package var warnings: [Int] = []

    package init(file: String, book: Book, count: Int) {
        self.file = file
        self.book = book
        self.count = count
    }
}
