extension CommandBook {
    /// The commands of Palaver.
    package static let palaver: CommandBook = {
        do throws(BookError) {
            return try CommandBook(palaverText)
        } catch {
            preconditionFailure("the book of Palaver has a mistake in \(error)")
        }
    }()

    /// The phrases of Palaver, which begin and end a draft: those of its design, then those of its later version.
    ///
    /// The later version wants the very name in what was said. Words in `<…>` are never half understood in text, so these
    /// phrases are found word by word, and "ready to start a draft" is none. Decision 28 tells what was left out.
    package static let palaverText = """
        # What makes Hearsay listen up. A command marked `attention = required` counts only right after it.
        [attention]
        phrase = rupert (listen|command|c'mon|come on)
        phrase = freddy listen

        [start_block]
        phrase = start [a] new note
        phrase = start a note
        phrase = take this down
        phrase = [hey|wake up] <rupert|freddy> (start|new) [a|the|uh] draft [now]
        draft = begins

        [stop_block]
        phrase = break break break
        phrase = session end
        phrase = end session
        phrase = great great great
        phrase = quick quick quick
        phrase = click click click
        phrase = [hey|wake up] <rupert|freddy> (stop|close|end) draft [now]
        phrase = <rupert|freddy> (break break|great great|stop stop|stop now)
        phrase = stop stop <stop>
        draft = ends

        """
}
