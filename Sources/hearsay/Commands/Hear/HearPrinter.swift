import JSON
import Remote
import Wire

/// Prints what a server hears: on a terminal the text as it grows, elsewhere what is certain.
actor HearPrinter {
    private let output: Output
    private let isPlain: Bool
    private let serverCount: Int
    private var merge = TranscriptMerge()
    /// Those that hear now; the first of them shows what grows.
    private var connected: Set<Int> = []
    private var line: GrowingLine
    private var hasNamedEngine = false

    init(output: Output, isPlain: Bool, serverCount: Int = 1) {
        self.output = output
        self.isPlain = isPlain
        self.serverCount = serverCount
        line = GrowingLine(output: output)
    }

    /// - Parameters:
    ///   - server: Its place among those that hear the same audio.
    ///   - name: What people call it.
    func take(_ update: RemoteSource.Update, from server: Int, named name: String) {
        let label = serverCount > 1 ? "[\(name)] " : ""
        switch update {
        case .event(let event): take(event, from: server, label, name)
        case .connected:
            connected.insert(server)
            line.clear()
        case .lost(let pause):
            connected.remove(server)
            note("\(label)the connection was lost; trying again in \(pause.shown)")
        case .control(let control): note(control.words.map { label + $0 })
        }
    }

    private func take(_ event: JSONValue, from server: Int, _ label: String, _ name: String) {
        guard isNew(event, name) else { return }
        if output.isJSON {
            guard serverCount > 1, case .object(var members) = event else {
                output.json(event)
                return
            }
            members["server"] = .string(name)
            output.json(.object(members))
        } else {
            show(event, isLeader: server == connected.min(), label)
        }
    }

    /// Of several servers each utterance counts once.
    private func isNew(_ event: JSONValue, _ name: String) -> Bool {
        guard serverCount > 1, event["type"] == "transcript.final", let start = event["start_ms"]?.whole,
            let end = event["end_ms"]?.whole
        else { return true }
        return merge.take(from: name, start: .milliseconds(start), end: .milliseconds(end))
    }

    /// Leaves the terminal tidy.
    func end() { line.clear() }

    private func note(_ text: String?) {
        guard let text else { return }
        line.clear()
        output.note(text)
    }

    private func show(_ event: JSONValue, isLeader: Bool, _ label: String) {
        switch event["type"]?.text {
        case "speech.started" where !isPlain && isLeader:
            if output.isTerminal { line.show("", "…") } else { output.line("speech started") }
        case "speech.stopped": break
        case "transcript.partial" where !isPlain && isLeader && output.isTerminal:
            line.show(event["confirmed"]?.text ?? "", event["tentative"]?.text ?? "")
        case "transcript.final": say(event, as: label + (event["text"]?.text ?? ""))
        case "transcript.revised" where !isPlain && isLeader: say(event, as: "better: \(event["text"]?.text ?? "")")
        case "transcript.failed" where !isLeader: break
        case "transcript.failed" where event["code"]?.text == "no_speech": line.clear()
        case "transcript.failed": note("something was not understood: \(event["code"]?.text ?? "")")
        case "command.matched" where !isPlain && isLeader:
            tell(event.command)
        case "draft.started" where !isPlain && isLeader:
            tell("draft \(event["draft"]?["draft_id"]?.text ?? "") started")
        case "draft.ended" where !isPlain && isLeader:
            let draft = event["draft"]
            tell("draft \(draft?["draft_id"]?.text ?? "") ended: \(draft?["text"]?.text ?? "")")
        case "draft.revised" where !isPlain && isLeader:
            let draft = event["draft"]
            tell("draft \(draft?["draft_id"]?.text ?? "") better: \(draft?["text"]?.text ?? "")")
        case "recording.saved" where !isPlain && isLeader: tell("recorded in \(event["path"]?.text ?? "")")
        case "source.gap": note("\(label)\(Duration.milliseconds(event["ms"]?.whole ?? 0).shown) of audio are missing")
        default: break
        }
    }

    private func say(_ event: JSONValue, as text: String) {
        line.clear()
        if !hasNamedEngine, event["engine"]?.text == "pocketsphinx", !isPlain {
            output.note("basic recogniser: expect mistakes")
        }
        hasNamedEngine = true
        tell(text)
    }

    /// What happened, on a line of its own.
    private func tell(_ text: String) {
        line.clear()
        output.line(text.map { $0.isNewline ? " " : String($0) }.joined())
    }
}

extension JSONValue {
    /// A command that was matched, as a person reads it: its name, what fills its slots, and the words.
    fileprivate var command: String {
        var slots: [String] = []
        if case .object(let members)? = self["slots"] {
            slots = members.map { " \($0.key)=\($0.value.text ?? "")" }.sorted()
        }
        return "command \(self["name"]?.text ?? "")\(slots.joined()): \(self["matched_text"]?.text ?? "")"
    }
}

extension SourceNotice.Control {
    /// What a person should know of it.
    fileprivate var words: String? {
        switch self {
        case .pause: "paused from elsewhere"
        case .resume: nil
        case .slowDown: "the server is behind; text will come later"
        case .stop: "the server ended the source"
        }
    }
}

/// One line of a terminal that is written again and again; what may still change is grey.
struct GrowingLine: Sendable {
    private let output: Output
    private var isShown = false

    init(output: Output) {
        self.output = output
    }

    /// Shows the end of a text, as much as the line holds.
    mutating func show(_ confirmed: String, _ tentative: String) {
        let room = max(10, output.columns - 1)
        let (certain, open) = Self.fitting(confirmed, tentative, room: room)
        output.text("\r\u{1B}[K\(certain)\u{1B}[2m\(open)\u{1B}[0m")
        isShown = true
    }

    /// Leaves the line empty.
    mutating func clear() {
        guard isShown else { return }
        output.text("\r\u{1B}[K")
        isShown = false
    }

    /// The end of both texts together, without what would move the cursor.
    static func fitting(_ confirmed: String, _ tentative: String, room: Int) -> (String, String) {
        let certain = line(confirmed)
        let open = line(tentative)
        let excess = certain.count + open.count - room
        guard excess > 0 else { return (String(certain), String(open)) }
        let cut = min(certain.count, excess)
        return (String(certain.dropFirst(cut)), String(open.dropFirst(excess - cut)))
    }

    private static func line(_ text: String) -> [Character] {
        text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) }
    }
}
