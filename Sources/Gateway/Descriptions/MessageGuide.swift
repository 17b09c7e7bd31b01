import Wire

/// What commands and events are for; their names, and the fields of commands, come from what reads and writes them.
enum MessageGuide {
    /// By the `type` of the command.
    static let commands: [String: String] = [
        "hello": "Begins: who the client is, and its session", "auth": "Replaces the token of the connection",
        "ping": "Asks for an `ok`", "subscribe": "Asks for events", "unsubscribe": "Asks for no more of them",
        "speak": "Speaks a text", "speak.open": "Begins a text that is still being written",
        "speak.append": "Adds to such a text", "speak.close": "Ends such a text", "abort": "Ends jobs early",
        "listener.open": "Offers a place where audio is heard", "listener.state": "Tells whether it can be heard",
        "listener.update": "Changes its volume, delay or what it mutes", "listener.close": "Takes the place away",
        "playback": "Reports what sounds there", "source.open": "Begins to send audio",
        "source.update": "Changes how a source is heard", "source.pause": "Passes its audio over",
        "source.resume": "Hears it again", "source.flush": "Ends the utterance under way",
        "source.close": "Ends the source", "session.start": "Starts a session", "session.end": "Ends a session",
        "queue.set": "Changes whose turn is next, or holds jobs back",
    ]

    /// By the `type` of the event.
    static let events: [String: String] = [
        "job.queued": "A job was accepted", "job.held": "A job waits for something but its turn",
        "job.started": "A job was heard for the first time", "job.moved": "A job goes on elsewhere",
        "job.progress": "How far a job was heard", "job.words": "When its words sound",
        "job.finished": "A job was heard to its end", "job.aborted": "A job was ended early",
        "job.failed": "A job could not be heard", "queue.changed": "How the queue stands",
        "engine.changed": "What an engine does", "journal.changed": "Whether jobs are being kept",
        "configuration.changed": "The configuration was read",
        "commands.changed": "The file of commands was read, or cannot be",
        "model.changed": "A model's installation went on", "model.progress": "How far a model's file has come",
        "listener.attached": "A listener came", "listener.ready": "A listener can be heard, or not",
        "listener.updated": "A listener was set", "listener.failed": "A listener is not trusted",
        "listener.detached": "A listener went", "session.started": "A session began",
        "session.updated": "A session was changed", "session.ended": "A session ended",
        "server.stopping": "The server ends", "source.started": "A source began", "source.updated": "A source was set",
        "source.stopped": "A source ended", "source.gap": "Audio is missing", "source.lag": "Text is behind speech",
        "speech.started": "Somebody speaks", "speech.stopped": "Nobody speaks any more",
        "transcript.partial": "Text so far", "transcript.final": "Text of an utterance",
        "transcript.revised": "A second reading understood it differently",
        "transcript.failed": "There is no text of an utterance", "group.said": "One transcript of several sources",
        "keyword.spotted": "A phrase was found in the sound", "command.matched": "A command was said",
        "attention.called": "An attention phrase was said without a command", "draft.started": "A draft began",
        "draft.updated": "A draft grew",
        "draft.ended": "A draft ended", "draft.revised": "A draft was understood differently",
        "draft.deleted": "A draft was taken back", "transcript.deleted": "What was said in a session was forgotten",
        "recording.saved": "The audio of a draft was kept", "level": "How loud a source is",
    ]
}
