import Flow
import Glibc
import Remote
import VoiceCore
import Wire
import JSON

extension Command {
    static let say = Command(
        name: "say",
        summary: "speak a text and wait until it was heard",
        operands: Operands(usage: "TEXT|-", count: 1...Int.max),
        options: [
            .value("voice", "NAME", "v", "who speaks; `hearsay voices` lists them"),
            .value("language", "TAG", nil, "the language of the text, such as en-GB"),
            .value("speed", "FACTOR", nil, "0.25 to 4; 1 is the voice's own pace"),
            .value("volume", "FACTOR", nil, "0 to 2; 1 is as the engine made it"),
            .value("emotion", "MOOD", nil, "the mood, by pace and pitch: excited, success, pondering, urgent …"),
            .flag("no-wait", "n", "return as soon as the server has accepted it"),
            .value("wav", "FILE", nil, "write the speech to FILE (- for standard output) instead of sounding"),
            .values("deliver", "WHERE", "session, any, local, all, none or a listener's id; in order"),
            .value("session", "ID", nil, "whose place it is said in; default: “default”"),
            .value("expires", "TIME", nil, "how long to wait for somebody to hear it; default: 3s"),
            .value("priority", "NUMBER", nil, "-10 to 10"),
            .value("interrupt", "WHAT", nil, "what it cuts, to speak in its place: session, output or all"),
            .flag("private", nil, "only where the session itself listens"),
        ] + Option.client,
        discussion: [
            "Returns 0 when a browser or a speaker has confirmed that the last word was heard.",
            "Other exit codes: 3 nobody could hear it, 4 heard in part, 5 the certificate was not",
            "accepted, 6 the engine failed, 7 no server, 8 refused, 9 connection lost, 10 aborted",
            "(Ctrl-C aborts it).",
        ],
        examples: [
            Example(line: "hearsay say \"Good morning. The build is green.\"", meaning: "speak, and wait"),
            Example(line: "git log -1 --format=%s | hearsay say -", meaning: "speak what comes from a pipe"),
            Example(line: "hearsay say --voice rms --speed 1.2 \"Faster\"", meaning: "another voice, a fifth faster"),
            Example(line: "hearsay say --wav hello.wav \"Hello\"", meaning: "write a WAV file"),
            Example(line: "hearsay say \"Ready\" || echo \"not heard\"", meaning: "do something when it was not heard"),
        ],
        run: { try await SayCommand($0).run() })
}

/// Speaks one text.
struct SayCommand: Sendable {
    /// PROTOCOL.md, section 5.5: how long `say` waits for somebody to hear it.
    static let defaultExpiry = Duration.seconds(3)
    private static let clientName = "hearsay say"

    private let invocation: Invocation
    private let settings: Settings
    private let speak: WireSpeak

    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        settings = try Settings(invocation)
        speak = try Self.order(invocation.arguments, voice: settings.voice, text: Self.text(invocation.arguments))
    }

    func run() async throws -> ExitCode {
        if invocation.arguments.has("no-wait") { return try await submit() }
        let report = SayReport(text: speak.request.text, output: invocation.output)
        let abort = Latch()
        let outcome = try await Interrupts.opening(abort) {
            guard let path = invocation.arguments.string("wav") else {
                return try await client.speak(speak, abort: abort) { await report.take($0) }
            }
            return try await write(to: path, abort, report)
        }
        return await report.end(outcome, link: settings.playerLink)
    }

    private var client: SpeakClient { SpeakClient(settings.server, clientName: Self.clientName) }

    private func submit() async throws -> ExitCode {
        let job = try await ServerRequests(settings.server).post("/v1/speak", speak.fields)
        if invocation.output.isJSON {
            invocation.output.json(job)
        } else {
            let position = job["position"]?.whole.map { $0 > 0 ? " · \($0) before it" : "" } ?? ""
            invocation.output.line("accepted as \(job["job_id"]?.text ?? "a job")\(position)")
        }
        return .success
    }

    private func write(to path: String, _ abort: Latch, _ report: SayReport) async throws -> SpeakOutcome {
        let file = try FileSpeaker(path: path)
        do {
            let outcome = try await client.speak(speak, into: file, abort: abort) { await report.take($0) }
            await report.wrote(try await file.finish(), to: path)
            return outcome
        } catch {
            _ = try? await file.finish()
            throw error
        }
    }

    // MARK: Reading the command line

    static func order(_ arguments: ParsedArguments, voice: String?, text: String) throws -> WireSpeak {
        if arguments.has("wav"), arguments.has("deliver") { throw UsageError.conflict("--wav", "--deliver") }
        if arguments.has("wav"), arguments.has("no-wait") { throw UsageError.conflict("--wav", "--no-wait") }
        let session = arguments.string("session").map { SessionID($0) }
        var request = SpeakRequest(text: text, session: session ?? .default)
        request.voice = voice
        request.language = arguments.string("language")
        request.speed = try arguments.number("speed", in: 0.25...4) ?? 1
        request.mood = try arguments.choice("emotion", of: Mood.allCases.map(\.rawValue)).flatMap(Mood.init(rawValue:))
        request.volume = try arguments.number("volume", in: 0...2) ?? 1
        request.priority = try arguments.integer("priority", in: -10...10) ?? 0
        request.delivery = delivery(arguments.strings("deliver"))
        request.isPrivate = arguments.has("private")
        let interruption = try arguments.choice("interrupt", of: ["none", "session", "output", "all"])
        request.interruption = interruption.flatMap { Interruption(rawValue: $0) } ?? .none
        request.expiresIn = try arguments.duration("expires") ?? defaultExpiry
        return WireSpeak(request, session: session)
    }

    private static func delivery(_ names: [String]) -> DeliveryChoice {
        let names = names.flatMap { $0.split(separator: ",").map(String.init) }
        switch names {
        case [], ["auto"]: return .auto
        case ["all"]: return .all
        case ["none"]: return .none
        default: return .steps(names.map { RouteStep(name: $0) })
        }
    }

    private static func text(_ arguments: ParsedArguments) throws -> String {
        guard arguments.operands == ["-"] else { return arguments.operands.joined(separator: " ") }
        let bytes: [UInt8]
        do throws(SmallFile.Problem) {
            bytes = try SmallFile.readAll(from: 0)
        } catch {
            throw Failure(
                exitCode: .usage, code: "bad_input", message: "the text cannot be read from standard input: \(error)",
                advice: ["One text has at most 64 KiB; say longer ones in parts."])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(
                exitCode: .usage, code: "invalid_utf8", message: "standard input is not UTF-8 text",
                advice: ["Convert it first, for instance with iconv -f latin1 -t utf-8."])
        }
        return text
    }
}
