import Drafting
import Flow
import Recordings
import VoiceCore

/// What a server makes of what it hears: commands, drafts and their recordings.
struct ServerDrafts: Sendable {
    let commands: CommandKeeper
    let recorder: BlockRecorder
    let scribe: Scribe

    init(_ options: ServeOptions, _ store: ServerStore, sessions: SessionRegistry, timeline: Timeline, log: Log) {
        commands = CommandKeeper(
            path: options.commands, events: store.events, timeline: timeline, log: log.labelled("commands"))
        commands.look()
        recorder = store.recorder
        scribe = Scribe(
            store.events, commands: commands.shelf, notebook: store.notebook, recorder: store.recorder,
            forgotten: store.forgotten, timeline: timeline, log: log.labelled("drafts"),
            isKept: { await sessions.info($0)?.isStored })
    }
}
