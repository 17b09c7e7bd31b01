import Remote
import VoiceCore
import Wire
import JSON

/// Tells what becomes of a text: on a terminal with a line that moves, and at the end in a sentence.
actor SayReport {
    private let output: Output
    private let text: String
    private var line: ProgressLine?
    private var places: [Place] = []
    private var delay: Duration?
    private var job: JobID?
    private var fallback: (voice: String, reason: String)?
    private var file: (path: String, duration: Duration)?

    init(text: String, output: Output) {
        self.text = text
        self.output = output
        if output.isTerminal, !output.isJSON { line = ProgressLine(text: text, output: output) }
    }

    func take(_ update: SpeakUpdate) {
        switch update {
        case .accepted(let id, _, _): job = id
        case .started(let places, let delay):
            self.places = places
            self.delay = delay
        case .moved(let places, _): self.places += places.filter { !self.places.contains($0) }
        case .fellBack(let voice, let reason): fallback = (voice, reason)
        case .held, .progress, .words, .reconnecting: break
        }
        line?.take(update)
        if output.isJSON, let value = update.json { output.json(value) }
    }

    /// Notes that the speech lies in a file.
    func wrote(_ duration: Duration, to path: String) {
        file = (path, duration)
    }

    /// Says how it ended.
    ///
    /// - Parameter link: The player link, if this machine knows it.
    func end(_ outcome: SpeakOutcome, link: String?) -> ExitCode {
        line?.clear()
        let verdict = SayVerdict(outcome, link: output.isTerminal ? link : nil)
        if output.isJSON {
            output.json(summary(outcome, verdict))
        } else if let failure = verdict.failure {
            output.report(failure)
        } else if file?.path != "-" {
            output.line(sentence(outcome))
        }
        return verdict.exitCode
    }

    private func sentence(_ outcome: SpeakOutcome) -> String {
        guard case .finished(let heard, let duration) = outcome else { return "" }
        if let file { return "written to \(file.path) · \(file.duration.shown)" }
        if heard == "none" { return "synthesised for nobody · \(duration.shown)" }
        let heardAt = places.isEmpty ? "" : " " + places.map(\.shown).joined(separator: ", then ")
        let began = delay.map { " · began after \($0.shown)" } ?? ""
        return "\(heard == "assumed" ? "probably heard" : "heard")\(heardAt)\(began) · \(duration.shown)\(insteadNote)"
    }

    /// Which voice spoke, where it is not the chosen one.
    private var insteadNote: String {
        fallback.map { " · by the voice \($0.voice): \($0.reason)" } ?? ""
    }

    private func summary(_ outcome: SpeakOutcome, _ verdict: SayVerdict) -> JSONValue {
        var fields = outcome.fields
        fields["exit_code"] = .integer(Int(verdict.exitCode.rawValue))
        fields["job_id"] = job.map { .string($0.rawValue) }
        fields["start_delay_ms"] = delay.map { .milliseconds($0) }
        fields["places"] = places.isEmpty ? nil : .array(places.map(\.json))
        fields["fallback"] = fallback.map { .object(["voice": .string($0.voice), "reason": .string($0.reason)]) }
        fields["file"] = file.map { .string($0.path) }
        if let failure = verdict.failure { fields["message"] = .string(failure.message) }
        return .object(fields)
    }
}

extension Place {
    /// `in the browser "Chromium on Linux"`, `on the speaker "Built-in Audio"`.
    var shown: String {
        let name = name.map { " \"\($0)\"" } ?? ""
        switch kind {
        case "browser": return "in the browser\(name)"
        case "speaker": return "on the server's speaker\(name)"
        case "play": return "on the speaker\(name)"
        case "listener" where self.name == nil: return "on \(id)"
        default: return "on the \(kind)\(name)"
        }
    }

    var json: JSONValue {
        var fields: [String: JSONValue] = ["listener_id": .string(id), "kind": .string(kind)]
        fields["name"] = name.map(JSONValue.string)
        return .object(fields)
    }
}
