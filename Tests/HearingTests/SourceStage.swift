import Flow
import Hearing
import Testing
import VoiceCore
import VoiceTesting

/// A directory of sources whose time passes only when a test says so.
final class SourceStage: Sendable {
    let clock = ManualTimeline()
    let events = Broadcast<Event>()
    let sessions: SessionRegistry
    let transcriber: FakeTranscriber
    let marks = MemoryMarks()
    let forgotten = ForgottenSpeech()
    let directory: SourceDirectory
    static let format = SourceFormat(codec: .pcmS16, sampleRate: 16_000)

    /// Runs a test beside the running directory, and stops that after it.
    static func run(
        _ transcriber: FakeTranscriber = FakeTranscriber(), others: [FakeTranscriber] = [], reviser: String? = nil,
        limits: SourceLimits = SourceLimits(sources: 8, sourcesPerSession: 4),
        _ test: @Sendable (SourceStage) async throws -> Void
    ) async throws {
        let stage = SourceStage([transcriber] + others, reviser, limits)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await stage.directory.run() }
            let result: Result<Void, any Error>
            do { result = .success(try await test(stage)) } catch { result = .failure(error) }
            group.cancelAll()
            stage.transcriber.set(.hears)
            try await group.waitForAll()
            try result.get()
        }
    }

    /// A stage whose directory does not run yet.
    static func make(
        _ transcriber: FakeTranscriber, _ limits: SourceLimits = SourceLimits(sources: 8, sourcesPerSession: 4)
    ) -> SourceStage { SourceStage([transcriber], nil, limits) }

    private init(_ transcribers: [FakeTranscriber], _ reviser: String?, _ limits: SourceLimits) {
        transcriber = transcribers[0]
        sessions = SessionRegistry(events: events, timeline: clock.timeline)
        directory = SourceDirectory(
            SourcePipeline.Surroundings(
                transcribers: TranscriberRoster(transcribers, reviser: reviser), detector: FakeDetector(),
                events: events,
                timeline: clock.timeline,
                log: Log(label: "test", sink: LogSink(level: .error, style: .logfmt) { _ in }),
                forgotten: forgotten,
                orders: { source in
                    OrderQuestion(
                        grammar: OrderGrammar(text: "for \(source.id.rawValue)"), longest: .milliseconds(700),
                        isMeant: { $0.score >= 75 })
                }),
            sessions: sessions, marks: marks, limits: limits)
    }

    func request(_ id: String? = nil, session: String = "default", token: String = "mine") -> SourceRequest {
        SourceRequest(
            id: id.map { SourceID($0) }, session: SessionID(session), format: Self.format, token: TokenID(token))
    }

    /// Sends audio as it is made by `SourceSound`; frames are numbered by their place.
    func send(
        _ parts: [(Bool, Int)], from start: Int = 0, to opened: OpenedSource, over link: any SourceLink
    ) throws {
        for frame in SourceSound(Self.format, parts).frames(from: start) {
            _ = try opened.intake.take(
                frame.payload, sequence: frame.timestamp / 320, timestamp: frame.timestamp, from: link)
        }
    }
}

/// A client that remembers what it was told.
final class FakeLink: SourceLink {
    private let told = Monitor<[SourceControl]>([])

    func control(_ source: SourceID, _ control: SourceControl) {
        told.update { $0.append(control) }
    }

    var controls: [SourceControl] { told.withLock { $0 } }

    func wait(for control: SourceControl) async {
        _ = await told.wait { $0.contains(control) ? true : nil }
    }
}

/// Marks that are forgotten with the test.
final class MemoryMarks: SourceMarks {
    private let marks = Monitor<[SourceID: SourceMark]>([:])

    func mark(of source: SourceID) async -> SourceMark? { marks.withLock { $0[source] } }

    func keep(_ mark: SourceMark) { marks.update { $0[mark.source] = mark } }

    func forget(_ source: SourceID) { marks.update { _ = $0.removeValue(forKey: source) } }

    func waitUntilForgotten(_ source: SourceID) async { _ = await marks.wait { $0[source] == nil ? true : nil } }
}

/// Reads a story of events as short words.
struct Story {
    private var cursor: BroadcastCursor<Event>

    init(_ events: Broadcast<Event>) {
        cursor = events.cursor { $0.source != nil }
    }

    /// The next facts up to one that begins so; readings are passed over.
    mutating func until(_ ending: String) async -> [String] {
        var words: [String] = []
        while let item = await cursor.next() {
            guard case .fact(_, let event) = item else { continue }
            words.append(Self.words(event.body))
            if words.last?.hasPrefix(ending) == true { return words }
        }
        return words
    }

    /// The next reading of a lag that is one.
    mutating func lag() async -> Duration {
        while let item = await cursor.next() {
            if case .reading(let event) = item, case .sourceLag(let lag) = event.body { return lag }
        }
        return .zero
    }

    private static func words(_ body: Event.Body) -> String {
        switch body {
        case .sourceStarted: "started"
        case .sourceUpdated(let description): description.isPaused ? "paused" : "updated"
        case .sourceStopped(let reason): "stopped \(reason)"
        case .sourceGap(let length): "gap \(length / .milliseconds(1))"
        case .speechStarted: "speech"
        case .speechStopped: "silence"
        case .transcriptFinal(let said): "final \(said.transcript.text)"
        case .transcriptRevised(let said): "revised \(said.transcript.text)"
        case .transcriptFailed(let code): "failed \(code)"
        case .groupSaid(let line): "\(line.speaker ?? ""): \(line.text)"
        default: "other"
        }
    }
}
