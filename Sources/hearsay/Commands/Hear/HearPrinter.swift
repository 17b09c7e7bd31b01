import JSON
import Remote
import Wire

/// Prints what a server hears: on a terminal the text as it grows, elsewhere what is certain.
actor HearPrinter {
    private let output: Output
    private let isPlain: Bool
    private var line: GrowingLine
    private var hasNamedEngine = false

    init(output: Output, isPlain: Bool) {
        self.output = output
        self.isPlain = isPlain
        line = GrowingLine(output: output)
    }

    func take(_ update: RemoteSource.Update) {
        switch update {
        case .event(let event) where output.isJSON: output.json(event)
        case .event(let event): show(event)
        case .connected: line.clear()
        case .lost(let pause): note("the connection was lost; trying again in \(pause.shown)")
        case .control(let control): note(control.words)
        }
    }

    /// Leaves the terminal tidy.
    func end() { line.clear() }

    private func note(_ text: String?) {
        guard let text else { return }
        line.clear()
        output.note(text)
    }

    private func show(_ event: JSONValue) {
        switch event["type"]?.text {
        case "speech.started" where !isPlain:
            if output.isTerminal { line.show("", "…") } else { output.line("speech started") }
        case "speech.stopped": break
        case "transcript.partial" where !isPlain && output.isTerminal:
            line.show(event["confirmed"]?.text ?? "", event["tentative"]?.text ?? "")
        case "transcript.final": say(event, as: event["text"]?.text ?? "")
        case "transcript.revised" where !isPlain: say(event, as: "better: \(event["text"]?.text ?? "")")
        case "transcript.failed" where event["code"]?.text == "no_speech": line.clear()
        case "transcript.failed": note("something was not understood: \(event["code"]?.text ?? "")")
        case "source.gap": note("\(Duration.milliseconds(event["ms"]?.whole ?? 0).shown) of audio are missing")
        default: break
        }
    }

    private func say(_ event: JSONValue, as text: String) {
        line.clear()
        if !hasNamedEngine, event["engine"]?.text == "pocketsphinx", !isPlain {
            output.note("basic recogniser: expect mistakes")
        }
        hasNamedEngine = true
        output.line(text.map { $0.isNewline ? " " : String($0) }.joined())
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
