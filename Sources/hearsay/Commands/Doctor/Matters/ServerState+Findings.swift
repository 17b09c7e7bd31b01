import JSON
import Models
import Remote
import VoiceCore

extension ServerState {
    var findings: [Finding] {
        guard reach == .answers else { return [reachFinding] }
        guard admission == .welcome else { return [reachFinding, tokenFinding] }
        let others = [recogniserFinding, detectorFinding, listenerFinding, lastJobFinding].compactMap { $0 }
        return [reachFinding, tokenFinding] + engineFindings + others
    }

    private var shownURL: String { Redactor.withoutUserInfo(url) }

    private var reachFinding: Finding {
        switch reach {
        case .answers:
            let version = status?["version"]?.text
            guard let version, version != Hearsay.version else { return .ok("server", "answers at \(shownURL)") }
            return .note(
                "server", "answers at \(shownURL), but is Hearsay \(version) and this is \(Hearsay.version)",
                .run("hearsay stop && hearsay serve", "Start the new one"))
        case .otherProgram:
            let text = "another program answers at \(shownURL)"
            // On this machine the port's finding names the program, and another port.
            guard !isLocal else { return .problem("server", text, .unreachable) }
            return .problem("server", text, .unreachable, .advice("Name the right server with --server URL."))
        case .silent(let reason):
            let why = reason.hasPrefix("nobody answers") ? "" : " (\(reason))"
            return .problem("server", "none answers at \(shownURL)\(why)", .unreachable, silenceRemedy)
        case .refused(let reason):
            return .problem("server", "\(shownURL) refuses: \(reason)", .refused)
        case .untrusted(let reason, let fingerprint):
            let remedy: Finding.Remedy =
                fingerprint.map {
                    .run(
                        "hearsay doctor --server \(shownURL) --fingerprint \($0)",
                        "If the server printed this when it started")
                } ?? .advice("Name the right authorities with --ca-file FILE.")
            return .problem("server", "\(shownURL) is not trusted: \(reason)", .certificateRefused, remedy)
        case .needsTLS:
            let secure = "https" + shownURL.dropFirst("http".count)
            return .problem(
                "server", "\(shownURL) answers https only", .unreachable,
                .run("hearsay doctor --server \(secure)", "Name it so"))
        }
    }

    private var silenceRemedy: Finding.Remedy {
        if let runningURL, runningURL != url {
            return .run("hearsay doctor --server \(runningURL)", "The server of this data folder answers elsewhere")
        }
        if isLocal { return .run("hearsay serve", "Start one") }
        return .advice("Is it started, and is the name right? `hearsay doctor` there tells more.")
    }

    private var tokenFinding: Finding {
        switch admission {
        case .welcome: .ok("token", "the server accepts it")
        case .noToken:
            .problem(
                "token", "there is none to show to the server", .refused,
                .advice("Run this as the user who runs the server, or give --token or HEARSAY_TOKEN."))
        case .refused(let code):
            .problem(
                "token", "the server does not accept it (\(code))", .refused,
                .run("hearsay token create --scope speak,listen,events", "Where the server runs, make a new one"),
                .advice("Then set HEARSAY_TOKEN, or `token` in the configuration file."))
        case .unknown(let reason): .warning("token", "could not be tried: \(reason)")
        }
    }

    private var engineFindings: [Finding] {
        let failed = engines.filter { $0["state"]?.text == "failed" }
        guard failed.isEmpty else { return failed.map(failure) }
        return engines.isEmpty ? [] : [.ok("engines", engines.map(Self.engineText).joined(separator: ", "))]
    }

    /// One that does not hear keeps nobody from being heard.
    private func failure(of engine: JSONValue) -> Finding {
        let text = "\(engine.shown("engine")) failed: \(engine["reason"]?.text ?? "its log says why")"
        let meanwhile =
            engine.isVoice ? "a local voice speaks for it" : "one of this machine reads for it, if there is one"
        let remedy: Finding.Remedy =
            engine["remote"]?.flag == true
            ? .advice("It is tried again now and then; meanwhile \(meanwhile).")
            : .run("hearsay stop && hearsay serve", "Start the server again")
        return hasWorkingEngine || !engine.isVoice
            ? .warning("engines", text, remedy) : .problem("engines", text, .engineFailed, remedy)
    }

    private var recogniserFinding: Finding? {
        guard let missing = status?["recogniser"]?["missing"]?.text else { return nil }
        let instead = status?["recogniser"]?["name"]?.text ?? "nobody"
        let isKnown = ModelCatalogue.builtIn[id: missing]?.kind == .recogniser
        return .warning(
            "recogniser", "--hear-with names \(missing), which is not here; meanwhile \(instead) reads what is said",
            isKnown
                ? .run("hearsay models pull \(missing)", "Fetch it")
                : .run("hearsay engines --kind recogniser", "See who could read"))
    }

    private var detectorFinding: Finding? {
        guard let detector = status?["detector"], let name = detector["name"]?.text else { return nil }
        guard let reason = detector["reason"]?.text else { return .ok("detector", "\(name) tells speech from noise") }
        return .note(
            "detector", "the built-in one takes some noises for speech; \(reason)",
            .run("make sherpa && hearsay stop && hearsay serve", "In the source folder, fetch a better one"))
    }

    private static func engineText(_ engine: JSONValue) -> String {
        "\(engine.shown("engine")) (\(engine.shown("state")))"
    }

    private var listenerFinding: Finding {
        let ready = listeners.filter { $0["ready"]?.flag == true }
        guard ready.isEmpty else {
            return .ok("listeners", "\(ready.count) ready: " + ready.map(Self.listenerText).joined(separator: ", "))
        }
        let waiting = listeners.map { "\(Self.listenerText($0)) (\($0["reason"]?.text ?? "not ready"))" }
        let text =
            waiting.isEmpty ? "nobody would hear a word now" : "none is ready: " + waiting.joined(separator: ", ")
        return .problem(
            "listeners", text, .nobodyHeard,
            .advice("Open the player below in a browser, and enable sound there."),
            .run("hearsay play", "Or hear it on a machine with a loudspeaker"))
    }

    private static func listenerText(_ listener: JSONValue) -> String {
        [listener.shown("kind"), listener["device"]?.text].compactMap { $0 }.joined(separator: " ")
    }

    /// Never its text.
    private var lastJobFinding: Finding? {
        guard let job = lastJob, let outcome = SpeakOutcome(job) else { return nil }
        switch outcome {
        case .finished(let heard, let duration):
            let text = heard == "none" ? "was made for nobody" : heard == "assumed" ? "was probably heard" : "was heard"
            return .ok("last speech", "\(text) (\(duration.shown))")
        case .aborted(let reason, _, _, _): return .ok("last speech", "was aborted (\(reason))")
        case .failed(let code, _, _, _, _): return .note("last speech", "failed: \(code.replacing("_", with: " "))")
        case .lost: return nil
        }
    }
}

extension JSONValue {
    /// Whether an engine of `/status` speaks.
    var isVoice: Bool { (self["kind"]?.text ?? EngineKind.voice.rawValue) == EngineKind.voice.rawValue }
}
