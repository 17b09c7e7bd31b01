import Flow
import JSON
import Remote
import VoiceCore
import Wire

extension Command {
    static let voices = Command(
        name: "voices",
        summary: "list the voices, or hear them",
        operands: Operands(usage: "[NAME]", count: 0...1),
        options: [
            .value("language", "TAG", nil, "only those of this language, such as en or en-GB"),
            .flag("preview", nil, "speak a sentence in each, or in NAME; Ctrl-C ends it"),
        ] + Option.client,
        discussion: [
            "--preview returns 0 when everything was heard, else what `say` returns. Voices of",
            "other languages than English count to five, which each does in its own.",
        ],
        examples: [
            Example(line: "hearsay voices --language en", meaning: "English voices"),
            Example(line: "hearsay voices --preview rms", meaning: "hear one"),
            Example(line: "hearsay voices --preview --language en", meaning: "hear the English ones in turn"),
        ],
        run: { try await VoicesCommand($0).run() })
}

/// Lists the voices, or speaks a sentence in each.
struct VoicesCommand: Sendable {
    private let invocation: Invocation
    private let settings: Settings

    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        settings = try Settings(invocation)
    }

    func run() async throws -> ExitCode {
        let reply = try await ServerRequests(settings.server).get("/v1/voices")
        let voices = try chosen(reply["voices"]?.elements ?? [])
        if invocation.arguments.has("preview") { return try await preview(Self.ready(voices)) }
        let standard = reply["default"]?.text ?? reply["default_voice"]?.text
        let header = ["VOICE", "LANGUAGE", "GENDER", "ENGINE", "RATE", "LICENCE", "ABOUT"]
        invocation.output.list(voices, header: header) { voice in
            let id = voice.shown("id")
            var about = voice["description"]?.text ?? voice.shown("name")
            if let reason = voice["reason"]?.text { about += " (\(reason))" }
            return [id] + ["language", "gender", "engine", "sample_rate", "licence"].map { voice.shown($0) }
                + [id == standard ? "\(about) (default)" : about]
        }
        return .success
    }

    private func chosen(_ voices: [JSONValue]) throws -> [JSONValue] {
        if let name = invocation.arguments.operands.first {
            let found = voices.filter { $0["id"]?.text == name }
            guard found.isEmpty else { return found }
            throw Failure(
                exitCode: .usage, code: "unknown_voice", message: "no engine here has the voice \(name)",
                advice: ["`hearsay voices` lists those there are."])
        }
        guard let wanted = invocation.arguments.string("language")?.lowercased() else { return voices }
        return voices.filter { voice in
            let language = voice["language"]?.text?.lowercased() ?? ""
            return language == wanted || language.hasPrefix(wanted + "-")
        }
    }

    /// Those that can speak now; one that was asked for by its name says why it cannot.
    private static func ready(_ voices: [JSONValue]) throws -> [JSONValue] {
        let ready = voices.filter { $0["installed"]?.flag != false }
        guard ready.isEmpty, let first = voices.first else { return ready }
        throw Failure(
            exitCode: .refused, code: "not_installed",
            message: "\(first.shown("id")) cannot speak: \(first["reason"]?.text ?? "it is not installed")",
            advice: ["`hearsay models list` shows what could be installed."])
    }

    private func preview(_ voices: [JSONValue]) async throws -> ExitCode {
        let abort = Latch()
        return try await Interrupts.opening(abort) {
            for voice in voices {
                if abort.isOpen { return .aborted }
                let outcome = try await speak(in: voice, abort)
                guard let failure = SayVerdict(outcome, link: settings.playerLink).failure else { continue }
                if !invocation.output.isJSON { invocation.output.report(failure) }
                return failure.exitCode
            }
            return .success
        }
    }

    private func speak(in voice: JSONValue, _ abort: Latch) async throws -> SpeakOutcome {
        let (id, language) = (voice.shown("id"), voice.shown("language"))
        if !invocation.output.isJSON { invocation.output.line("\(id) · \(language)") }
        var request = SpeakRequest(text: Self.sentence(id, in: language), session: .default)
        request.voice = id
        request.expiresIn = SayCommand.defaultExpiry
        let client = SpeakClient(settings.server, clientName: "hearsay voices")
        let outcome = try await client.speak(WireSpeak(request), abort: abort) { _ in }
        if invocation.output.isJSON {
            invocation.output.json(.object(outcome.fields.merging(["voice": .string(id)]) { $1 }))
        }
        return outcome
    }

    /// Numbers are what every engine reads in its own language.
    private static func sentence(_ voice: String, in language: String) -> String {
        let isEnglish = language == "und" || language.lowercased().split(separator: "-").first == "en"
        return isEnglish ? "Hello. This is the voice \(voice), and this is how it sounds." : "1, 2, 3, 4, 5."
    }
}
