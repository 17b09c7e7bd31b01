import Flow
import Gateway
import Recordings
import Store
import VoiceCore

/// What a server keeps on disk, and what lives in memory from it.
struct ServerStore: Sendable {
    /// Locked for as long as this value lives.
    let folder: DataFolder
    let access: AccessTable
    let tokens: OwnTokens
    let events: Broadcast<Event>
    /// Whose words the events tell to nobody who comes later.
    let unkept: UnkeptSessions
    let sequence: SequenceKeeper<Event>
    let journal: Journal
    /// How far sources were understood.
    let marks: MarkKeeper
    /// The sessions that live.
    let sessions: SessionKeeper
    /// Those that lived when an earlier server ended.
    let earlierSessions: [SessionInfo]
    /// What was heard.
    let notebook: NotebookKeeper
    /// What was taken back of it.
    let forgotten = ForgottenSpeech()
    /// The audio of drafts.
    let recorder: BlockRecorder
    /// What an earlier server has not ended.
    let unfinished: [UnfinishedJob]

    /// - Throws: `StoreError`.
    init(_ options: ServeOptions, timeline: Timeline, log: Log) async throws {
        folder = try DataFolder(path: options.dataFolder)
        let database = try Database(in: folder)
        let numbers = try await database.reserveSequence()
        tokens = try await OwnTokens.ensure(
            in: folder, store: database, doors: Set(options.aliases.map(\.name.session)))
        access = AccessTable(
            store: database, keepOwn: { [folder] id, token in try OwnTokens.keep(token, of: id, in: folder) })
        try await access.load()
        let unkept = UnkeptSessions()
        self.unkept = unkept
        events = Broadcast(first: numbers.lowerBound, reservedEnd: numbers.upperBound) { unkept.cover($0) }
        sequence = SequenceKeeper(database: database, broadcast: events)
        marks = MarkKeeper(database: database, timeline: timeline, log: log.labelled("store"))
        sessions = SessionKeeper(database: database, timeline: timeline, log: log.labelled("store"))
        earlierSessions = try await database.sessions()
        let recorder = BlockRecorder(root: folder.recordings, log: log.labelled("recordings"))
        self.recorder = recorder
        notebook = try NotebookKeeper(
            in: folder, timeline: timeline, retention: options.speechRetention, log: log.labelled("notebook"),
            recordings: recorder)
        try await notebook.settle()
        let jobs = try JournalStore(in: folder)
        unfinished = try await jobs.unfinished()
        journal = Journal(
            store: jobs, reader: try JournalReader(in: folder), events: events, timeline: timeline,
            retention: options.retention, log: log.labelled("journal"))
    }
}
