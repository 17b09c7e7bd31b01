import Drafting
import Engines
import Flow
import Gateway
import Hearing
import Recordings
import VoiceCore

/// What a server hears with: its recognisers, and the sources that they serve.
final class ServerHearing: Service {
    let directory: SourceDirectory
    let desk: RecordingDesk
    private let transcribers: TranscriberRoster
    private let helpers: HearingHelpers
    private let detector: ChosenDetector
    private let events: Broadcast<Event>

    /// - Parameters:
    ///   - engines: What hears beside those made here, and where the recognisers' sockets lie.
    ///   - elsewhere: Recognisers that others run, which are asked before our own.
    init(
        _ engines: ServerEngines, _ elsewhere: [RecogniserOption], events: Broadcast<Event>, marks: any SourceMarks,
        limits: ServerLimits, drafts: ServerDrafts, timeline: Timeline, log: Log
    ) {
        self.events = events
        let sockets = engines.sockets
        var options = WyomingTranscriber.pocketsphinxOptions
        // 180 MB that many servers never need; a recogniser is ready long before somebody has said his first sentence.
        options.isWarm = false
        let pocketsphinx = Installation.path(ofWorker: "hearsay-pocketsphinx").map {
            WyomingTranscriber.pocketsphinx(executable: $0, directory: sockets.path, options: options, log: log)
        }
        transcribers = engines.transcribers
        helpers = engines.helpers
        let own = elsewhere.map { $0.transcriber(log) } + [pocketsphinx].compactMap { $0 }
        for transcriber in own.reversed() { transcribers.lead(with: transcriber) }
        if own.isEmpty { log.warning("recogniser.missing", ["program": "hearsay-pocketsphinx"]) }
        detector = ChosenDetector(sockets: sockets.path, log: log)
        if let reason = detector.detector.shortcoming { log.warning("detector.basic", ["reason": reason]) }
        let surroundings = SourcePipeline.Surroundings(
            transcribers: transcribers, detector: detector.detector, events: events,
            timeline: timeline, log: log, helpers: helpers, recorded: { drafts.recorder.heard($0, at: $1, $2) },
            orders: { drafts.commands.shelf.grammar(for: $1, wake: $0.recognition.wake) },
            ending: { await drafts.scribe.finish($0) })
        directory = SourceDirectory(surroundings, marks: marks, limits: limits.hearing)
        // Half of the machine, so that those who speak do not wait.
        desk = RecordingDesk(
            surroundings.transcribers, detector: surroundings.detector, converter: FFmpegConverter(),
            limits: limits.recordings, readers: PoolOptions.processorCount / 2)
    }

    /// Runs the recognisers and tells every change of theirs as an event.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [detector] in try await detector.run() }
            group.addTask { [helpers, events] in
                try await helpers.run { events.publish(event: Event(.engineChanged($0))) }
            }
            group.addTask { [transcribers, events] in
                try await transcribers.run { events.publish(event: Event(.engineChanged($0))) }
            }
            try await group.waitForAll()
        }
    }
}
