import Flow
import VoiceCore

/// What the dispatcher keeps of a job.
struct JobRecord: Sendable {
    var request: SpeakRequest
    let synthesizer: any Synthesizer
    /// On the dispatcher's timeline.
    let acceptedAt: Duration
    /// When its first audio was sent to a listener, and when the first listener confirmed it.
    var sentAt: Duration?
    var confirmedAt: Duration?
    let take = Take()
    /// Where a text comes in that is still being written; nil for a whole one.
    var inflow: TextInflow?
    /// Whether the journal does not know all of what was written.
    var hasUnnotedText = false
    /// Opens at the first confirmation, and at the end.
    let startedOrEnded = Latch()
    let ended = Latch()
    var status: JobStatus
    var synthesis: TaskPool.Handle?
    /// Of the note that its sound is about to leave; nil before that.
    var begunTicket: JournalTicket?
    /// How often each listener was told to play it: reports on an earlier time do not count.
    var attempts: [ListenerID: Int] = [:]
    /// How far the journal knows that it was heard.
    var notedPosition = Duration.zero
}

/// Every living job, and the last ones that ended.
struct JobLedger: Sendable {
    /// How many ended jobs can still be asked for.
    static let endedLimit = 1_000

    private var living: [JobID: JobRecord] = [:]
    private var lengths: [JobID: JobLength] = [:]
    private var livingBySession: [SessionID: Int] = [:]
    private var ended: [JobID: JobStatus] = [:]
    private var endedOrder: [JobID] = []

    subscript(_ id: JobID) -> JobRecord? {
        get { living[id] }
        set {
            if newValue != nil { living[id] = newValue }
        }
    }

    /// How long the sound of a living job is, or probably will be; zero for any other.
    func length(of id: JobID) -> Duration { lengths[id]?.value ?? .zero }

    /// Its sound is being made from now on, or its text has grown.
    mutating func remeasure(_ id: JobID) {
        guard let record = living[id] else { return }
        lengths[id] = JobLength(record)
    }

    mutating func add(_ record: JobRecord) {
        living[record.status.id] = record
        lengths[record.status.id] = JobLength(record)
        livingBySession[record.request.session, default: 0] += 1
    }

    func status(_ id: JobID) -> JobStatus? { living[id]?.status ?? ended[id] }

    /// Ended jobs by their end, then the living in no order.
    var all: [JobStatus] { endedOrder.compactMap { ended[$0] } + living.values.map(\.status) }

    var livingCount: Int { living.count }

    func livingCount(of session: SessionID) -> Int { livingBySession[session] ?? 0 }

    var livingIDs: [JobID] { Array(living.keys) }

    /// Moves a job to those that have ended; the oldest of them is forgotten.
    mutating func end(_ id: JobID, as status: JobStatus) {
        guard let record = living.removeValue(forKey: id) else { return }
        lengths[id] = nil
        let rest = livingCount(of: record.request.session) - 1
        livingBySession[record.request.session] = rest > 0 ? rest : nil
        ended[id] = status
        endedOrder.append(id)
        if endedOrder.count > Self.endedLimit { ended.removeValue(forKey: endedOrder.removeFirst()) }
    }
}
