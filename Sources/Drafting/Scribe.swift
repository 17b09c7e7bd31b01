package import Flow
package import VoiceCore

/// Follows what is understood of all sources, finds commands in it, and keeps drafts and everything that was said.
///
/// It reads events like any other subscriber, so it holds up nobody; what it finds follows the text in which it was found.
package final class Scribe: Service {
    private struct Seat: Sendable {
        var description: SourceDescription
        var desk: DraftDesk
        /// Whether what is said in its session may be kept.
        var isKept = false
        /// Whether its session is over: one of that name that was begun since says nothing about it.
        var isOver = false
        /// The draft whose audio is being kept.
        var recorded: DraftID?
        /// What was forgotten before all that the desk knows.
        var mark: ForgottenSpeech.Mark
    }

    /// How long the end of a source waits for what was said before it.
    private static let patience = Duration.seconds(5)

    private let events: Broadcast<Event>
    private let cursor: BroadcastCursor<Event>
    private let commands: CommandShelf
    private let notebook: any NoteTaker
    private let recorder: any DraftRecorder
    private let forgotten: ForgottenSpeech
    private let isKept: @Sendable (SessionID) async -> Bool?
    private let timeline: Timeline
    private let log: Log
    private let seats = Monitor<[SourceID: Seat]>([:])
    /// The last fact that was looked at.
    private let progress: Monitor<UInt64>

    /// - Parameter isKept: Whether what is said in a session may be kept; nil for one that is not there.
    package init(
        _ events: Broadcast<Event>, commands: CommandShelf, notebook: any NoteTaker,
        recorder: any DraftRecorder = NoRecorder(), forgotten: ForgottenSpeech = ForgottenSpeech(),
        timeline: Timeline = .live(), log: Log = Log(label: "drafts"),
        isKept: @escaping @Sendable (SessionID) async -> Bool?
    ) {
        self.events = events
        self.commands = commands
        self.notebook = notebook
        self.recorder = recorder
        self.forgotten = forgotten
        self.isKept = isKept
        self.timeline = timeline
        self.log = log
        cursor = events.cursor { $0.isFact }
        progress = Monitor(cursor.nextSequence - 1)
    }

    /// Works until cancelled; then with what was told before.
    package func run() async throws {
        var cursor = cursor
        while let item = await cursor.next() { await take(item) }
        while let item = cursor.nextIfAny() { await take(item) }
        for source in seats.withLock({ Array($0.keys) }) { await end(source, at: .now()) }
    }

    /// Ends the draft of a source that is about to stop, once all that it said is worked through.
    ///
    /// So whoever follows the source learns of its commands and its draft before he learns of its end.
    package func finish(_ source: SourceID) async {
        let newest = events.bounds.newest
        let isThrough = await timeline.limit(Self.patience) { [progress] in
            await progress.wait { $0 >= newest ? true : nil }
        }
        if isThrough == true { await end(source, at: .now()) }
    }

    private func take(_ item: Broadcast<Event>.Item) async {
        switch item {
        case .fact(let sequence, let event):
            if let source = event.source { await take(event, of: source) }
            if let session = event.session { forget(event, of: session) }
            progress.update { $0 = sequence }
        case .lost(let range):
            log.error("drafts.lost", ["events": range.count])
            progress.update { $0 = range.upperBound }
        case .reading: break
        }
    }

    private func take(_ event: Event, of source: SourceID) async {
        switch event.body {
        case .sourceStarted(let description):
            let desk = DraftDesk(session: description.session, source: source, speaker: description.speaker)
            let mark = forgotten.mark(of: description.session)
            seats.withLock { $0[source] = Seat(description: description, desk: desk, mark: mark) }
        case .sourceUpdated(let description): seats.withLock { $0[source]?.description = description }
        case .sourceStopped: await end(source, at: event.at)
        case .transcriptFinal, .transcriptRevised, .transcriptFailed:
            guard var seat = seats.withLock({ $0[source] }) else { return }
            await hear(event, &seat)
            let heard = seat
            seats.withLock { $0[source] = heard }
        default: break
        }
    }

    /// What was taken back is not understood better any more.
    private func forget(_ event: Event, of session: SessionID) {
        let draft: DraftID?
        switch event.body {
        case .draftDeleted(let id, _): draft = id
        case .transcriptDeleted: draft = nil
        case .sessionEnded:
            return seats.withLock { seats in
                for (source, seat) in seats where seat.description.session == session { seats[source]?.isOver = true }
            }
        default: return
        }
        let mark = draft == nil ? forgotten.mark(of: session) : nil
        seats.withLock { seats in
            for (source, seat) in seats where seat.description.session == session {
                seats[source]?.desk.forget(draft)
                seats[source]?.mark = mark ?? seat.mark
            }
        }
    }

    private func end(_ source: SourceID, at time: WallTime) async {
        guard var seat = seats.withLock({ $0.removeValue(forKey: source) }) else { return }
        await tell(seat.desk.finish(at: time), nil, &seat)
    }

    private func hear(_ event: Event, _ seat: inout Seat) async {
        guard let utterance = event.utterance else { return }
        // Whoever heard it keeps it and acts on it.
        guard seat.description.role != .relay else { return await recorder.passOver(utterance) }
        // A session that has just ended is treated as it was.
        if !seat.isOver, let isKept = await isKept(seat.description.session), isKept != seat.isKept {
            // What was begun while it might be kept ends where that ends, and the other way round.
            await tell(seat.desk.finish(at: event.at), nil, &seat)
            seat.isKept = isKept
        }
        let matcher = commands.matcher(wake: seat.description.recognition.wake)
        switch event.body {
        case .transcriptFinal(let said):
            note(said, utterance, event, seat, isRevised: false)
            // What a program says is no order.
            if seat.description.role.givesCommands {
                let outcomes = seat.desk.take(said, of: utterance, at: event.at, by: matcher)
                await tell(outcomes, utterance, &seat)
            }
            await recorder.passOver(utterance)
        case .transcriptRevised(let said):
            guard !forgotten.holds(utterance, since: seat.mark) else { return }
            note(said, utterance, event, seat, isRevised: true)
            await tell(seat.desk.revise(said, of: utterance, by: matcher), nil, &seat)
        default:
            if let draft = seat.desk.draft { await record(utterance, draft, seat) }
            await recorder.passOver(utterance)
        }
    }

    private func note(
        _ said: UtteranceTranscript, _ utterance: UtteranceID, _ event: Event, _ seat: Seat, isRevised: Bool
    ) {
        guard seat.isKept else { return }
        notebook.take(
            .said(
                NotedUtterance(
                    utterance: utterance, session: seat.description.session, source: seat.description.id,
                    speaker: seat.description.speaker, group: seat.description.group, at: event.at,
                    saidAt: said.saidAt, said: said, isRevised: isRevised)))
    }

    // MARK: Drafts

    private func tell(_ outcomes: [DraftDesk.Outcome], _ utterance: UtteranceID?, _ seat: inout Seat) async {
        for outcome in outcomes {
            switch outcome {
            case .matched(let command): publish(.commandMatched(command), seat, utterance)
            case .called(let text, let score): publish(.attentionCalled(text, score: score), seat, utterance)
            case .began(let draft):
                note(.draft(draft, from: 0), seat)
                publish(.draftStarted(draft), seat, nil)
                if seat.description.records, seat.isKept {
                    seat.recorded = draft.id
                    if let path = await recorder.begin(draft) {
                        note(.recordingBegan(draft.id, path: path), seat)
                    }
                }
            case .grew(let draft, let place):
                note(.draft(draft, from: place), seat)
                publish(.draftUpdated(draft), seat, nil)
                if let utterance, draft.parts.last?.utterance == utterance { await record(utterance, draft, seat) }
            case .ended(let draft):
                note(.draft(draft, from: draft.parts.count), seat)
                await end(draft, &seat)
            case .revised(let draft):
                guard !forgotten.holds(draft.id, since: seat.mark) else { continue }
                note(.draft(draft, from: 0), seat)
                publish(.draftRevised(draft), seat, nil, unlessForgotten: draft.id)
                await recorder.revise(draft)
            }
        }
    }

    private func end(_ draft: Draft, _ seat: inout Seat) async {
        publish(.draftEnded(draft), seat, nil)
        guard seat.recorded == draft.id else { return }
        seat.recorded = nil
        guard let recording = await recorder.end(draft) else { return }
        // What has begun is noted to its end, so that it can be taken back.
        notebook.take(.recording(recording))
        publish(.recordingSaved(recording), seat, nil, unlessForgotten: draft.id)
    }

    private func record(_ utterance: UtteranceID, _ draft: Draft, _ seat: Seat) async {
        if seat.recorded == draft.id { await recorder.add(utterance, to: draft) }
    }

    private func note(_ note: SpokenNote, _ seat: Seat) {
        if seat.isKept { notebook.take(note) }
    }

    private func publish(
        _ body: Event.Body, _ seat: Seat, _ utterance: UtteranceID?, unlessForgotten draft: DraftID? = nil
    ) {
        let event = Event(body, session: seat.description.session, source: seat.description.id, utterance: utterance)
        events.publish(event: event) { draft.map { forgotten.holds($0, since: seat.mark) } ?? false }
    }
}
