import Remote

/// One line of a terminal that shows how far a text was spoken: a bar, a level meter and the words around the spoken one.
struct ProgressLine: Sendable {
    /// Shorter texts are over before anybody reads a bar.
    private static let shortestText = 80
    private static let barWidth = 20
    /// What the meter shows as empty, in dB of full scale.
    private static let quietest = -48.0

    private let scalars: [Unicode.Scalar]
    private let output: Output
    private var shown = ""

    init(text: String, output: Output) {
        scalars = Array(text.unicodeScalars)
        self.output = output
    }

    mutating func take(_ update: SpeakUpdate) {
        switch update {
        case .progress(let progress) where scalars.count >= Self.shortestText: show(progressText(progress))
        case .held(let reason):
            show(reason == "no_listener" ? "waiting for somebody to hear it…" : "waiting: \(reason)")
        case .reconnecting: show("the connection was lost; trying again…")
        case .started, .moved: clear()
        default: break
        }
    }

    /// Leaves the line empty.
    mutating func clear() {
        guard !shown.isEmpty else { return }
        output.text("\r\u{1B}[K")
        shown = ""
    }

    private mutating func show(_ text: String) {
        guard text != shown else { return }
        output.text("\r\u{1B}[K" + text)
        shown = text
    }

    private func progressText(_ progress: SpeakProgress) -> String {
        let bar = Self.bar(percent: progress.percent)
        let meter = progress.level.map { " " + Self.meter(level: $0) } ?? ""
        let percent = String(progress.percent)
        let head = "\(bar) \(String(repeating: " ", count: max(0, 3 - percent.count)))\(percent) %\(meter)  "
        return head + words(around: progress.word, room: output.columns - head.count - 1)
    }

    static func bar(percent: Int) -> String {
        let filled = max(0, min(100, percent)) * barWidth / 100
        return String(repeating: "━", count: filled) + String(repeating: "─", count: barWidth - filled)
    }

    /// Eight squares; a loud vowel fills most of them.
    static func meter(level: Double) -> String {
        let share = max(0, min(1, 1 - level / quietest))
        let filled = Int((share * 8).rounded())
        return String(repeating: "▮", count: filled) + String(repeating: "▯", count: 8 - filled)
    }

    /// - Parameter range: The spoken word, in Unicode scalars of the text.
    func words(around range: Range<Int>?, room: Int) -> String {
        guard let range, range.upperBound <= scalars.count, room > 10 else { return "" }
        let margin = max(0, room - range.count) / 2
        let start = max(0, min(range.lowerBound - margin, scalars.count - room))
        let end = min(scalars.count, start + room)
        let before = Self.line(scalars[start..<range.lowerBound])
        let word = Self.line(scalars[range.lowerBound..<min(range.upperBound, end)])
        let after = Self.line(scalars[min(range.upperBound, end)..<end])
        return "\u{1B}[2m\(before)\u{1B}[0m\(word)\u{1B}[2m\(after)\u{1B}[0m"
    }

    /// Control characters would move the cursor.
    private static func line(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 })
        return text
    }
}
