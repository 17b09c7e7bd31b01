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
    ///   - options: With the recognisers that others run, which are asked before our own.
    init(
        _ engines: ServerEngines, _ options: ServeOptions, sessions: SessionRegistry, events: Broadcast<Event>,
        marks: any SourceMarks,
        limits: ServerLimits, forgotten: ForgottenSpeech, drafts: ServerDrafts, timeline: Timeline, log: Log
    ) {
        self.events = events
        let sockets = engines.sockets
        var workers = WyomingTranscriber.pocketsphinxOptions
        // 180 MB that many servers never need; a recogniser is ready long before somebody has said his first sentence.
        workers.isWarm = false
        let pocketsphinx = Installation.path(ofWorker: "hearsay-pocketsphinx").map {
            WyomingTranscriber.pocketsphinx(executable: $0, directory: sockets.path, options: workers, log: log)
        }
        transcribers = engines.transcribers
        helpers = engines.helpers
        let own =
            options.recognisers.map { $0.transcriber(silence: options.engineSilence, log) }
            + [pocketsphinx].compactMap { $0 }
        for transcriber in own.reversed() { transcribers.lead(with: transcriber) }
        if let missing = transcribers.missing {
            log.warning(
                "recogniser.unknown", ["name": missing, "instead": transcribers.names.first ?? "nobody"])
        }
        if own.isEmpty { log.warning("recogniser.missing", ["program": "hearsay-pocketsphinx"]) }
        detector = ChosenDetector(sockets: sockets.path, log: log)
        if let reason = detector.detector.shortcoming { log.warning("detector.basic", ["reason": reason]) }
        let surroundings = SourcePipeline.Surroundings(
            transcribers: transcribers, detector: detector.detector, events: events,
            timeline: timeline, log: log, helpers: helpers, forgotten: forgotten,
            recorded: { drafts.recorder.heard($0, at: $1, $2) },
            orders: {
                // What a program says is no order, and what another server heard is one there.
                $0.role.givesCommands ? drafts.commands.shelf.question(wake: $0.recognition.wake) : nil
            },
            ending: { await drafts.scribe.finish($0) })
        directory = SourceDirectory(surroundings, sessions: sessions, marks: marks, limits: limits.hearing)
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
