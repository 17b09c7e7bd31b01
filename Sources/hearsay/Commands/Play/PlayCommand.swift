import Devices
import Flow
import Remote
import Sound
import VoiceCore

extension Command {
    static let play = Command(
        name: "play",
        summary: "make this machine's speaker, or a file, a place where speech sounds",
        options: [
            .value("session", "ID", "s", "whose speech; default: “default”"),
            .flag("everyone", nil, "everybody's speech (needs the scope control)"),
            .values("speaker", "DEVICE", "pulse:NAME or alsa:NAME; default: the default device"),
            .value(
                "output", "FILE", "o", "into a file instead: .wav, .opus, .mp3 or .flac; - is WAV on standard output"),
            .value("volume", "FACTOR", nil, "0.05 to 2; 1 is as the engine made it"),
            .value("delay", "TIME", nil, "how much later it begins, up to 500ms, to match slower loudspeakers"),
            .value("quiet", "FROM-TO", nil, "hours in which nothing sounds here: 22:00-07:00"),
            .values("mute-voice", "NAME", "a voice that is not to sound here"),
            .values("mute-session", "ID", "a session that is not to sound here"),
            .flag("opus", nil, "have the sound sent as Opus: 24 kbit/s instead of 384"),
            .flag("notify", nil, "show what is said as a desktop notification (notify-send)"),
        ] + Option.client,
        discussion: [
            "Runs until Ctrl-C. After a lost connection it comes back, and a sentence goes on.",
            "In its quiet hours it counts as not ready: texts sound elsewhere, or wait as long as they",
            "may and are not heard then. A sentence that sounds when they begin is said to its end.",
            "A file holds what sounded, one text after the other, and appears when it is complete.",
            "`hearsay doctor` lists the devices.",
        ],
        examples: [
            Example(line: "hearsay play", meaning: "hear what is said to this machine's server"),
            Example(
                line: "ssh -NL 7780:127.0.0.1:7780 server & hearsay play --opus --token TOKEN",
                meaning: "hear what a server elsewhere says"),
            Example(
                line: "hearsay play --speaker pulse:kitchen --speaker pulse:hall --quiet 22:00-07:00",
                meaning: "two loudspeakers at once, not at night"),
            Example(line: "hearsay play --output today.opus", meaning: "keep what is said in a file"),
        ],
        run: { try await PlayCommand($0).run() })
}

/// Runs this machine's speakers, or a file, for a server.
struct PlayCommand: Sendable {
    private let invocation: Invocation
    private let settings: Settings
    private let options: PlayOptions

    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        settings = try Settings(invocation)
        options = try PlayOptions(invocation.arguments)
    }

    func run() async throws -> ExitCode {
        Signals.install()
        let notifier = options.notifies ? notifier() : nil
        let notifying = notifier.map { [("notifications", $0 as any Service)] } ?? []
        guard let target = options.target else {
            let services = options.speakers.flatMap { speaker($0, notifier) }
            try await ServiceRunner(services: notifying + services).run { await Signals.next() }
            return .success
        }
        return try await write(to: target, notifier, notifying)
    }

    private func notifier() -> DesktopNotifier {
        DesktopNotifier { [output = invocation.output] in output.note("hearsay: " + $0) }
    }

    // MARK: A file

    private func write(
        to target: PlayOptions.Target, _ notifier: DesktopNotifier?, _ others: [(name: String, service: any Service)]
    ) async throws -> ExitCode {
        let file = try FileSpeaker(path: target.path, format: target.format, pace: .audible(.live()))
        let remote = remote(device: target.path, label: nil, notifier, isQuiet: target.path == "-")
        let quiet = options.quiet.map { QuietListener($0, directory: remote, timeline: .live()) }
        _ = await (quiet ?? remote as any ListenerDirectory).attach(file, .ready, resuming: nil)
        let services: [(name: String, service: any Service)] = [("server", remote)]
        do {
            try await ServiceRunner(services: others + Self.named(quiet) + services).run { await Signals.next() }
        } catch {
            _ = try? await file.finish()
            throw error
        }
        let duration = try await file.finish()
        invocation.output.note("\(duration.shown) of sound in \(target.path)")
        return .success
    }

    // MARK: A speaker

    private func speaker(
        _ device: String?, _ notifier: DesktopNotifier?
    ) -> [(name: String, service: any Service)] {
        let label = options.speakers.count > 1 ? device : nil
        let remote = remote(device: device, label: label, notifier)
        let quiet = options.quiet.map { QuietListener($0, directory: remote, timeline: .live()) }
        var description = PlayOptions.description
        description.trim.volume = options.trim.volume
        let speaker = LocalSpeaker(
            description: description, choice: SpeakerChoice(name: device), directory: quiet ?? remote,
            log: Log(label: "play", sink: sink))
        return Self.named(quiet) + [("speaker", speaker), ("server", remote)]
    }

    private static func named(_ quiet: QuietListener?) -> [(name: String, service: any Service)] {
        quiet.map { [("quiet hours", $0)] } ?? []
    }

    private func remote(
        device: String?, label: String?, _ notifier: DesktopNotifier?, isQuiet: Bool = false
    ) -> RemoteSpeaker {
        let report = PlayReport(output: invocation.output, label: label, isSilent: isQuiet)
        return RemoteSpeaker(
            settings.server, request: options.request(device: device), clientName: "hearsay play"
        ) { update in
            await report.take(update)
            if case .speaking(_, let text) = update { notifier?.show(text) }
        }
    }

    /// What the speaker does is told in words already, so its log is only shown when asked for.
    private var sink: LogSink {
        if invocation.environment["HEARSAY_LOG"] != nil { return .standardError }
        return LogSink(level: .error, style: .logfmt) { [output = invocation.output] text in output.note(text) }
    }
}
