extension CommandBook {
    /// The commands of Palaver.
    package static let palaver: CommandBook = {
        do throws(BookError) {
            return try CommandBook(palaverText)
        } catch {
            preconditionFailure("the book of Palaver has a mistake in \(error)")
        }
    }()

    /// The phrases of Palaver, which begin and end a draft.
    package static let palaverText = """
        # What makes Hearsay listen up. A command marked `attention = required` counts only right after it.
        [attention]
        phrase = rupert (listen|command|c'mon|come on)
        phrase = freddy listen

        [start_block]
        phrase = start [a] new note
        phrase = start a note
        phrase = take this down
        draft = begins

        [stop_block]
        phrase = break break break
        phrase = session end
        phrase = end session
        phrase = great great great
        phrase = quick quick quick
        phrase = click click click
        draft = ends

        """
}
