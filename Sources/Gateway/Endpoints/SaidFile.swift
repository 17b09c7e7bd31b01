import Flow
import Hearing
import JSON
import VoiceCore
import Wire

/// Writes everything that was said as one file, the oldest first, piece by piece.
struct SaidFile: Sendable {
    let form: DraftExport
    /// Whether all of it is of one source: then times are from its first sample, else from where the first text began.
    let isOfOneSource: Bool
    private var origin: WallTime?
    private var runs: [Place: Run] = [:]
    private var count = 0

    /// A name of a source means one source at a time in its session.
    private struct Place: Hashable, Sendable {
        var session: SessionID
        var source: SourceID
    }

    /// Audio of one source without a break: its times fit each other, however fast it was read.
    private struct Run: Sendable {
        /// Where its first sample lies in the file.
        var origin: Duration
        /// What was said last, from the first sample.
        var start: Duration
        var end: Duration
        var began: WallTime
    }

    /// A source of the same name that says nothing for so long, while its audio goes on at once, was opened anew.
    private static let longestBreak: Int64 = 60_000

    init(_ form: DraftExport, isOfOneSource: Bool) {
        self.form = form
        self.isOfOneSource = isOfOneSource
    }

    /// What the file begins with.
    var head: String {
        switch form {
        case .txt, .srt: ""
        case .vtt: Subtitles.vttHead
        case .json: #"{"transcripts":["#
        }
    }

    /// What the file ends with.
    var tail: String { form == .json ? "]}\n" : "" }

    /// What comes next of it.
    mutating func piece(_ noted: [NotedUtterance]) -> String {
        noted.map { next($0) }.joined()
    }

    private mutating func next(_ noted: NotedUtterance) -> String {
        defer { count += form == .txt || form == .json ? 1 : 0 }
        switch form {
        case .txt: return "\(noted.saidAt.iso8601) \(Self.name(of: noted)): \(noted.said.transcript.text)\n"
        case .json:
            return (count == 0 ? "" : ",\n")
                + String(decoding: JSONText.bytes(WireNotedUtterance(noted).json), as: UTF8.self)
        case .srt, .vtt: return cues(of: noted).map { cue($0) }.joined()
        }
    }

    private mutating func cue(_ cue: Subtitles.Cue) -> String {
        count += 1
        return form == .vtt ? Subtitles.vtt(cue) : Subtitles.srt(cue, number: count)
    }

    private mutating func cues(of noted: NotedUtterance) -> [Subtitles.Cue] {
        let (start, length) = (start(of: noted), noted.said.end - noted.said.start)
        var subtitles = Subtitles()
        var cues = subtitles.add(
            SaidText(start: start, end: start + length, transcript: noted.said.transcript))
        if !cues.isEmpty, !isOfOneSource { cues[0].text = "\(Self.name(of: noted)): \(cues[0].text)" }
        return cues
    }

    private mutating func start(of noted: NotedUtterance) -> Duration {
        guard !isOfOneSource else { return noted.said.start }
        let began = noted.saidAt
        let origin = origin ?? began
        self.origin = origin
        let place = Place(session: noted.session, source: noted.source)
        let before = runs[place]
        var first = Duration.milliseconds(max(0, began.milliseconds - origin.milliseconds)) - noted.said.start
        if let before {
            let goesOn = Self.goesOn(before, with: noted.said, at: began)
            first = goesOn ? before.origin : max(first, before.origin + before.end - noted.said.start)
        }
        runs[place] = Run(origin: first, start: noted.said.start, end: noted.said.end, began: began)
        return first + noted.said.start
    }

    /// The clock tells only where a source begins: audio that is read fast is told long before it would be over.
    private static func goesOn(_ run: Run, with said: UtteranceTranscript, at began: WallTime) -> Bool {
        let byClock = began.milliseconds - run.began.milliseconds
        let byAudio = Int64((said.start - run.start) / .milliseconds(1))
        return said.start > run.start && byClock - byAudio < longestBreak
    }

    private static func name(of noted: NotedUtterance) -> String { noted.speaker ?? noted.source.rawValue }
}
