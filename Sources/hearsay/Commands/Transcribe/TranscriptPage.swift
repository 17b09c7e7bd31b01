import Flow
import Hearing
import JSON
import VoiceCore

/// How a transcript is written.
struct TranscriptPage: Hashable, Sendable {
    enum Style: Hashable, Sendable {
        case text, srt, vtt, json
    }

    var style: Style

    /// What is written for something that was said; empty for what is not believed.
    ///
    /// - Parameter cueCount: How many cues were written before; grows by those written now.
    func text(for said: SaidText, engine: String, cueCount: inout Int) -> String {
        if style == .json { return String(decoding: Self.json(said, engine: engine).bytes, as: UTF8.self) + "\n" }
        guard said.doubt == nil, !said.transcript.text.isEmpty else { return "" }
        if style == .text { return said.transcript.text + "\n" }
        var subtitles = Subtitles()
        return subtitles.add(said).map { cue in
            cueCount += 1
            return style == .srt ? Subtitles.srt(cue, number: cueCount) : Subtitles.vtt(cue)
        }.joined()
    }

    /// The members are those of the protocol's `transcript.final`, and `doubt` where the text is not believed.
    private static func json(_ said: SaidText, engine: String) -> JSONValue {
        let words: [JSONValue] = said.transcript.words.map { word in
            var members: JSONObject = [
                "text": .string(word.text), "start_ms": .milliseconds(said.start + word.start),
                "end_ms": .milliseconds(said.start + word.end),
            ]
            members["confidence"] = word.confidence.map(JSONValue.rounded)
            return .object(members)
        }
        var members: JSONObject = [
            "text": .string(said.transcript.text), "start_ms": .milliseconds(said.start),
            "end_ms": .milliseconds(said.end), "words": .array(words), "engine": .string(engine),
        ]
        members["confidence"] = said.transcript.confidence.map(JSONValue.rounded)
        members["language"] = said.transcript.language.map(JSONValue.string)
        members["doubt"] = said.doubt.map { .string($0.rawValue) }
        return .object(members)
    }
}

extension JSONValue {
    /// Three digits, since no engine is surer of itself than that.
    fileprivate static func rounded(_ number: Double) -> JSONValue {
        .double((number * 1_000).rounded() / 1_000)
    }
}

/// Writes what was said as it becomes known.
final class TranscriptWriter: Sendable {
    private let page: TranscriptPage
    private let engine: String
    private let output: Output
    /// What to expect of the recogniser, told with the first text; nil for nothing.
    private let caution: String?
    private let cueCount = Monitor(0)
    private let hasWritten = Monitor(false)

    init(_ page: TranscriptPage, engine: String, caution: String?, output: Output) {
        self.page = page
        self.engine = engine
        self.caution = caution
        self.output = output
    }

    func begin() {
        if page.style == .vtt { output.text(Subtitles.vttHead) }
    }

    func write(_ said: SaidText) {
        let text = cueCount.withLock { page.text(for: said, engine: engine, cueCount: &$0) }
        guard !text.isEmpty else { return }
        let isFirst = hasWritten.withLock { hasWritten in
            defer { hasWritten = true }
            return !hasWritten
        }
        if isFirst, let caution { output.note(caution) }
        output.text(text)
    }

    func end() {
        if !hasWritten.withLock({ $0 }) { output.note("no speech was found") }
    }
}
