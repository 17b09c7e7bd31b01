extension Command {
    /// Every command, in the order of the help.
    static let all: [Command] = [
        serve, say, play, hear, transcribe, abort, queue, events, jobs, drafts, voices, engines, models, sessions,
        sources,
        token,
        doctor,
        backup,
        stop,
    ]
}
