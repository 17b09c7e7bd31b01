import Devices
import Flow
import Gateway
import Remote
import VoiceCore
import Wire
import JSON

extension Command {
    static let play = Command(
        name: "play",
        summary: "make this machine's speaker a place where speech sounds",
        options: [
            .value("session", "ID", "s", "whose speech; default: “default”"),
            .flag("everyone", nil, "everybody's speech (needs the scope control)"),
            .value("speaker", "DEVICE", nil, "pulse:NAME or alsa:NAME; default: the default device"),
        ] + Option.client,
        discussion: [
            "Runs until Ctrl-C. After a lost connection it comes back, and a sentence goes on.",
            "`hearsay doctor` lists the devices.",
        ],
        examples: [
            Example(line: "hearsay play", meaning: "hear what is said to this machine's server"),
            Example(
                line: "ssh -NL 7780:127.0.0.1:7780 server & hearsay play --token TOKEN",
                meaning: "hear what a server elsewhere says"),
        ],
        run: { try await PlayCommand($0).run() })
}

/// Runs this machine's speaker for a server.
struct PlayCommand: Sendable {
    private let invocation: Invocation
    private let settings: Settings

    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        settings = try Settings(invocation)
    }

    func run() async throws -> ExitCode {
        let arguments = invocation.arguments
        if arguments.has("session"), arguments.has("everyone") { throw UsageError.conflict("--session", "--everyone") }
        let report = PlayReport(output: invocation.output)
        let remote = RemoteSpeaker(
            settings.server, request: Self.request(arguments), clientName: "hearsay play"
        ) { update in await report.take(update) }
        let speaker = LocalSpeaker(
            description: Self.description, choice: SpeakerChoice(name: arguments.string("speaker")), directory: remote,
            log: Log(label: "play", sink: sink))
        Signals.install()
        try await ServiceRunner(services: [("speaker", speaker), ("server", remote)]).run { await Signals.next() }
        return .success
    }

    /// What the speaker does is told in words already, so its log is only shown when asked for.
    private var sink: LogSink {
        if invocation.environment["HEARSAY_LOG"] != nil { return .standardError }
        return LogSink(level: .error, style: .logfmt) { [output = invocation.output] text in output.note(text) }
    }

    static func request(_ arguments: ParsedArguments) -> ListenerOpenCommand {
        var request = ListenerOpenCommand(kind: "play")
        request.scope =
            arguments.has("everyone") ? .everyone : arguments.string("session").map { .session(SessionID($0)) }
        request.device = arguments.string("speaker") ?? HostCheck.machineName() ?? "another machine"
        request.startLatency = description.startLatency
        return request
    }

    /// What the speaker is called on this side; the server gives it a name of its own.
    private static var description: ListenerDescription {
        var description = LocalSpeaker.defaultDescription
        description.kind = "play"
        return description
    }
}

/// Tells on a terminal what the speaker is doing.
actor PlayReport {
    private let output: Output
    private var last: RemoteSpeaker.Update?

    init(output: Output) {
        self.output = output
    }

    func take(_ update: RemoteSpeaker.Update) {
        guard update != last else { return }
        last = update
        if output.isJSON {
            output.json(update.json)
        } else if let text = update.text {
            output.line(text)
        }
    }
}

extension RemoteSpeaker.Update {
    fileprivate var text: String? {
        switch self {
        case .readiness(.ready): "the speaker is ready"
        case .readiness(.notReady(let reason)):
            "no sound can come out (\(reason)); `hearsay doctor` says what is there"
        case .connected: "connected; what is said sounds here (Ctrl-C ends it)"
        case .lost(let pause): "the connection was lost; trying again in \(pause.shown)"
        case .speaking(_, let text): "♪ \(text.map { $0.isNewline ? " " : String($0) }.joined())"
        case .silent: nil
        }
    }

    fileprivate var json: JSONValue {
        switch self {
        case .readiness(.ready): .object(["type": "speaker", "ready": true])
        case .readiness(.notReady(let reason)):
            .object(["type": "speaker", "ready": false, "reason": .string(reason)])
        case .connected(let id): .object(["type": "connected", "listener_id": .string(id.rawValue)])
        case .lost(let pause): .object(["type": "lost", "retry_in_ms": .milliseconds(pause)])
        case .speaking(let job, let text):
            .object(["type": "speaking", "job_id": .string(job.rawValue), "text": .string(text)])
        case .silent: .object(["type": "silent"])
        }
    }
}
