import Flow
import VoiceCore

/// A notebook of a few drafts.
final class MemoryNotebook: Notebook, RecordingShelf {
    private let drafts: Monitor<[NotedDraft]>
    let forgottenSessions = Monitor<[SessionID]>([])
    let queries = Monitor<[NoteQuery]>([])

    init(_ drafts: [NotedDraft]) {
        self.drafts = Monitor(drafts)
    }

    func take(_ note: SpokenNote) {}

    func drafts(_ query: NoteQuery) async throws(JournalError) -> DraftPage {
        queries.withLock { $0.append(query) }
        let found = drafts.withLock { $0 }.filter { query.session.map([$0.draft.session].contains) ?? true }
        return DraftPage(drafts: Array(found.prefix(query.count)), total: found.count)
    }

    func draft(_ id: DraftID) async throws(JournalError) -> NotedDraft? {
        drafts.withLock { $0.first { $0.draft.id == id } }
    }

    func said(_ query: NoteQuery) async throws(JournalError) -> [NotedUtterance] {
        queries.withLock { $0.append(query) }
        return drafts.withLock { $0 }.filter { query.session.map([$0.draft.session].contains) ?? true }
            .flatMap { noted in
                noted.draft.parts.map {
                    NotedUtterance(
                        number: noted.number, utterance: $0.utterance, session: noted.draft.session,
                        source: noted.draft.source, speaker: noted.draft.speaker,
                        at: noted.draft.startedAt, said: $0.said)
                }
            }
    }

    func forget(_ draft: DraftID) async throws(JournalError) -> Forgetting {
        drafts.withLock { drafts in
            guard let found = drafts.first(where: { $0.draft.id == draft })?.draft else { return .unknown }
            guard found.ending != nil else { return .growing }
            let better = drafts.filter { $0.draft.parent == draft }.map(\.draft.id)
            drafts.removeAll { $0.draft.id == draft || $0.draft.parent == draft }
            return .done([draft] + better)
        }
    }

    func forgetAll(of session: SessionID) async throws(JournalError) -> Int? {
        let isGrowing = drafts.withLock { $0.contains { $0.draft.session == session && $0.draft.ending == nil } }
        guard !isGrowing else { return nil }
        forgottenSessions.withLock { $0.append(session) }
        return 7
    }

    func open(_ recording: Recording) async -> (any RecordingStream)? { Sound() }

    private final class Sound: RecordingStream {
        let byteCount = 6
        private let pieces = Monitor<[[UInt8]]>([[1, 2, 3], [4, 5, 6]])

        func next() async -> [UInt8]? { pieces.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
    }
}
