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
    private var paused: Set<Int> = []
    /// Whose connection is awaited.
    private var awaited: Set<Int> = []
    /// Who heard each source last, where several servers can.
    private var hearing: [Int: String] = [:]
    private var line: GrowingLine
    private var hasNamedEngine = false
    /// Whether somebody spoke; nil while nothing was told of the source.
    private var hasSpeech: Bool?

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
        case .connected(let address): connect(server, label, address.shortName, first: name)
        case .lost:
            connected.remove(server)
            awaited.insert(server)
            note("\(label)the connection was lost; trying again")
        case .unreachable(let error):
            awaited.insert(server)
            note("\(label)\(error.words); trying again")
        case .cannotFollow:
            note("\(label)this token may not read what is understood (scope events), so no text comes")
        case .control(let control, let reason): take(control, reason, server, label)
        }
    }

    private func take(_ control: SourceNotice.Control, _ reason: String?, _ server: Int, _ label: String) {
        if control == .pause { paused.insert(server) }
        // What a server that was behind lets go on has not stood still.
        if control == .resume, paused.remove(server) == nil { return }
        note(label + control.words(reason))
    }

    /// Takes why a server of several does not hear.
    func take(_ failure: Failure, from server: Int, named name: String) {
        connected.remove(server)
        note("[\(name)] \(failure.message)")
    }

    /// Takes what happens to the device or recording that is listened to.
    func take(_ update: SourceFeed.Update) {
        switch update {
        case .lost: note("the microphone is gone; waiting for it")
        case .back(let missing): note("the microphone is back; \(missing.shown) were not heard")
        case .missed(let length): note("this machine was too busy: \(length.shown) of the microphone were not heard")
        case .short(let length): note("the recording ends \(length.shown) before its header says")
        }
    }

    /// - Parameter first: The server that is asked first.
    private func connect(_ server: Int, _ label: String, _ address: String, first: String) {
        connected.insert(server)
        line.clear()
        let before = hearing[server]
        let wasAwaited = awaited.remove(server) != nil
        hearing[server] = address
        if (before ?? first) != address {
            note("\(label)\(address) hears now")
        } else if wasAwaited {
            note(label + (before == nil ? "connected" : "connected again"))
        }
    }

    private func take(_ event: JSONValue, from server: Int, _ label: String, _ name: String) {
        guard isNew(event, name) else { return }
        hasSpeech = hasSpeech == true || event["type"] == "speech.started"
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

    /// Leaves the terminal tidy, and says so where nothing was to be printed.
    func end() {
        line.clear()
        if hasSpeech == false, !isPlain, !output.isJSON { output.note("no speech was found") }
    }

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
        case "keyword.spotted" where !isPlain && isLeader: tell("keyword: \(event["keyword"]?.text ?? "")")
        case "attention.called" where !isPlain && isLeader: tell("called: \(event["matched_text"]?.text ?? "")")
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

extension RemoteError {
    /// Why there is no connection, as a person reads it.
    fileprivate var words: String {
        switch self {
        case .unreachable(let url, let reason): "no server answers at \(url) (\(reason))"
        case .notHearsay(let url): "something else than Hearsay answers at \(url)"
        default: "the connection was lost"
        }
    }
}

extension SourceNotice.Control {
    /// What a person should know of it.
    fileprivate func words(_ reason: String?) -> String {
        switch self {
        case .pause: "paused from elsewhere"
        case .resume: "goes on"
        case .slowDown: "the server is behind; text will come later"
        case .stop:
            switch reason {
            case "closed": "ended from elsewhere"
            case "session_ended": "its session was ended"
            case "replaced": "ended: another client began a source of this name"
            case "taken_up": "ended: another client goes on with the source of this name"
            default: "the server ended the source"
            }
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
