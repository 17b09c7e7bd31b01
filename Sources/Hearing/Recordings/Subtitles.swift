internal import VoiceCore

/// Text with times as video players show it.
package struct Subtitles: Hashable, Sendable {
    /// What is shown at once.
    package struct Cue: Hashable, Sendable {
        package var start: Duration
        package var end: Duration
        package var text: String

        package init(start: Duration, end: Duration, text: String) {
            self.start = start
            self.end = end
            self.text = text
        }
    }

    package private(set) var cues: [Cue] = []

    /// Two lines of 42 characters, as broadcasters' guides have it.
    private static let characterLimit = 84
    /// The same guides: nobody wants to see the same text for longer.
    private static let durationLimit = Duration.seconds(7)

    package init() {}

    /// Adds what was said next, cut into cues where the engine told the times of its words.
    ///
    /// - Returns: The cues it makes.
    @discardableResult
    package mutating func add(_ said: SaidText) -> [Cue] {
        var new: [Cue] = []
        for word in said.transcript.words {
            let (start, end) = (said.start + word.start, said.start + word.end)
            if let last = new.last, last.text.count + 1 + word.text.count <= Self.characterLimit,
                end - last.start <= Self.durationLimit
            {
                new[new.count - 1] = Cue(start: last.start, end: end, text: "\(last.text) \(word.text)")
            } else {
                new.append(Cue(start: start, end: end, text: word.text))
            }
        }
        if new.isEmpty, !said.transcript.text.isEmpty {
            new = [Cue(start: said.start, end: said.end, text: said.transcript.text)]
        }
        cues += new
        return new
    }

    /// A cue of a SubRip file, with the empty line behind it.
    ///
    /// - Parameter number: From 1.
    package static func srt(_ cue: Cue, number: Int) -> String {
        "\(number)\n\(time(cue.start, comma: ",")) --> \(time(cue.end, comma: ","))\n\(cue.text)\n\n"
    }

    /// What a WebVTT file begins with.
    package static let vttHead = "WEBVTT\n\n"

    /// A cue of a WebVTT file, with the empty line behind it.
    package static func vtt(_ cue: Cue) -> String {
        let text = cue.text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        return "\(time(cue.start, comma: ".")) --> \(time(cue.end, comma: "."))\n\(text)\n\n"
    }

    private static func time(_ time: Duration, comma: String) -> String {
        let (whole, rest) = time.components
        let total = Int(whole) * 1_000 + Int(rest / 1_000_000_000_000_000)
        let (seconds, minutes, hours) = (total / 1_000 % 60, total / 60_000 % 60, total / 3_600_000)
        return "\(padded(hours, 2)):\(padded(minutes, 2)):\(padded(seconds, 2))\(comma)\(padded(total % 1_000, 3))"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
