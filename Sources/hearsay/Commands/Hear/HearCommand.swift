import Devices
import Flow
import Remote
import VoiceCore
import Wire

extension Command {
    static let hear = Command(
        name: "hear",
        summary: "send a microphone or recording to a server and print what is said",
        operands: Command.Operands(option: "--source"),
        options: [
            .value("source", "SOURCE", nil, "mic, pulse:NAME, alsa:NAME, a WAV file, or - for a pipe; default: mic"),
            .flag("fast", nil, "a recording as fast as it is understood, not at its own pace"),
            .value("rate", "HERTZ", nil, "of samples without a header: signed 16-bit, little-endian"),
            .value("channels", "NUMBER", nil, "how many channels such samples have; default: 1"),
            .value("codec", "NAME", nil, "pcm (256 kbit/s) or opus (27 kbit/s); default: pcm"),
            .value("session", "ID", "s", "whose voice it is; default: “default”"),
            .value("name", "ID", nil, "what the source is called; default: a new name"),
            .value("group", "NAME", nil, "of whose transcript it is a part, with other sources of the session"),
            .value("speaker", "NAME", nil, "who speaks there, for the group's transcript"),
            .value("language", "TAG", nil, "what is spoken, such as en"),
            .value("engine", "NAME", nil, "which recogniser of the server reads it; none only finds speech"),
            .flag("no-revise", nil, "do not ask for a second, better reading of what was said"),
            .value("revise-by", "NAME", nil, "which recogniser reads it a second time"),
            .flag("no-punctuation", nil, "leave the text as the recogniser wrote it"),
            .values("keyword", "PHRASE", "a phrase to look for in the sound, where a model can"),
            .flag("denoise", nil, "take noise away first, where a model can"),
            .values("vad", "NAME=VALUE", "how speech is found: threshold, speech, silence, longest, pad"),
            .flag("record", nil, "keep the audio of drafts in the server's data folder"),
            .value("wake", "WORDS", nil, "what must be said right before a command"),
            .flag("plain", nil, "print final text and nothing else"),
            .value("mode", "MODE", nil, "of several servers: first, all or balance; default: first"),
        ] + HearCommand.clientOptions,
        discussion: [
            "Prints “speech started”, on a terminal the text as it grows, and what was said.",
            "“Start a new note” begins a draft, “break break break” ends it; see `hearsay drafts`.",
            "--vad threshold=0.6,silence=700ms: how sure it must be (0 to 1), and how long a pause ends",
            "an utterance; speech=: how long one must speak, longest=: when it is cut, pad=: what comes",
            "before and behind it.",
            "After a lost connection it goes on where it was, with up to 30 s of audio in between.",
            "A --name is one source at a time: whoever uses it again ends the one before (exit code 10).",
            "With several --server (and as many --token, if they differ) it goes on with the next where",
            "one cannot be reached; `balance` begins with the one that has the fewest sources; with",
            "`all` each hears everything, and what several understood is printed once; those that",
            "cannot be reached are named and tried again, and one that works is enough.",
            "Ctrl-C stops listening and waits for the last text; once more ends it at once.",
        ],
        examples: [
            Example(line: "hearsay hear", meaning: "this machine's microphone"),
            Example(line: "hearsay hear --source note.wav", meaning: "a recording, at its own pace"),
            Example(
                line: "arecord -f S16_LE -r 16000 -t raw | hearsay hear --source - --rate 16000",
                meaning: "whatever writes samples"),
        ],
        run: { try await HearCommand($0).run() })
}

/// Sends audio to a server and prints what the server makes of it.
struct HearCommand: Sendable {
    private let invocation: Invocation
    private let mode: Mode
    private let servers: [ServerAddress]
    private let codec: SourceFormat.Codec
    private let raw: RawFormat?
    private let detection: VoiceDetectionSettings

    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        let arguments = invocation.arguments
        detection = try DetectionOption.read(arguments)
        mode = try arguments.choice("mode", of: Mode.allCases.map(\.rawValue)).flatMap(Mode.init) ?? .first
        servers = try Self.servers(invocation)
        for name in ["name", "session", "group"] { try Self.checkID(name, arguments) }
        codec = try arguments.choice("codec", of: ["pcm", "opus"]) == "opus" ? .opus : .pcmS16
        let channels = try arguments.integer("channels", in: SourceFormat.channelCounts)
        let rate = try arguments.integer("rate", in: SourceFormat.sampleRates)
        if channels != nil, rate == nil { throw UsageError.missingOption("--rate", with: "--channels") }
        raw = rate.map { RawFormat(sampleRate: $0, channelCount: channels ?? 1) }
    }

    func run() async throws -> ExitCode {
        let input = try input()
        let servers = mode == .balance ? await Self.byLoad(servers) : servers
        let groups = mode == .all ? servers.map { [$0] } : [servers]
        let printer = HearPrinter(
            output: invocation.output, isPlain: invocation.arguments.has("plain"), serverCount: groups.count)
        let choir = HearChoir(groups, request, invocation, printer)
        let pace: SourceFeed.Pace = invocation.arguments.has("fast") ? .fast : .natural
        let feed = SourceFeed(input, codec: codec, pace: pace) { await printer.take($0) }
        let end = Latch()
        let isStopped = try await Interrupts.opening(end) { try await choir.run(feed, until: end) }
        await printer.end()
        return isStopped ? .aborted : .success
    }

    /// Names travel as ids.
    private static func checkID(_ option: String, _ arguments: ParsedArguments) throws(UsageError) {
        guard let text = arguments.string(option), !SourceID(text).isAcceptable else { return }
        throw .badValue(option: "--\(option)", value: text, expected: SourceID.allowed)
    }

    private var request: SourceOpenCommand {
        let arguments = invocation.arguments
        var request = SourceOpenCommand(SourceEncoder.format(codec))
        request.source = arguments.string("name").map { SourceID($0) }
        request.session = arguments.string("session").map { SessionID($0) }
        request.group = arguments.string("group").map { GroupID($0) }
        request.speaker = arguments.string("speaker")
        request.detection = detection
        request.recognition.language = arguments.string("language")
        request.recognition.engine = arguments.string("engine")
        request.recognition.wake = arguments.string("wake")
        request.recognition.reviser = arguments.string("revise-by")
        if arguments.has("no-punctuation") { request.recognition.punctuate = false }
        let keywords = arguments.strings("keyword")
        if !keywords.isEmpty { request.recognition.keywords = keywords }
        request.reducesNoise = arguments.has("denoise")
        request.records = arguments.has("record")
        if arguments.has("no-revise") { request.recognition.revise = false }
        // Nobody talks with a recording, so late text is better than none.
        if arguments.has("fast") { request.recognition.patience = RecognitionSettings.longestPatience }
        return request
    }

    private func input() throws -> any AudioInput {
        let path = invocation.arguments.string("source") ?? "mic"
        if let choice = MicrophoneChoice(name: path) { return MicrophoneInput(choice) }
        do throws(PCMStreamError) {
            return try PCMStream(path == "-" ? nil : path, raw: raw)
        } catch {
            throw Failure(error, path: path)
        }
    }
}

extension Failure {
    fileprivate init(_ error: PCMStreamError, path: String) {
        let name = path == "-" ? "standard input" : path
        switch error {
        case .cannotOpen(_, let number), .cannotRead(let number):
            self.init(
                exitCode: .usage, code: "unreadable_file", message: "\(name): \(SmallFile.Problem.system(number))")
        case .empty:
            self.init(exitCode: .usage, code: "empty_audio", message: "\(name) is empty: there is no sound in it")
        case .badWAV, .notWAV:
            self.init(
                exitCode: .usage, code: "unsupported_audio", message: "\(name) is not WAV with 16-bit samples",
                advice: [
                    "Run ffmpeg -i FILE -c:a pcm_s16le -f wav - | hearsay hear --source -",
                    "or say with --rate how samples without a header are to be read.",
                ])
        }
    }
}
