import Glibc
import Hearing
import JSON
import Net
import Sound
import VoiceCore
import Wire

/// What was said in a recording, written in the formats of OpenAI's interface.
struct TranscriptionPage: Sendable {
    private let isTranslation: Bool
    private var said: [SaidText] = []
    /// Of the whole recording.
    var duration = Duration.zero

    /// - Parameter isTranslation: Whether it is English, whatever was spoken.
    init(isTranslation: Bool) {
        self.isTranslation = isTranslation
    }

    /// All of it.
    var text: String { said.map(\.transcript.text).joined(separator: " ") }

    /// - Returns: What it adds to `text`.
    @discardableResult
    mutating func add(_ one: SaidText) -> String {
        defer { said.append(one) }
        return (said.isEmpty ? "" : " ") + one.transcript.text
    }

    /// Nothing is charged; clients want the member.
    var usage: JSONValue {
        .object(["type": "duration", "seconds": .integer(Int((duration / .seconds(1)).rounded(.up)))])
    }

    func response(to form: TranscriptionForm) -> HTTPResponse {
        switch form.format {
        case .json: .object(["text": .string(text), "usage": usage])
        case .verboseJSON: .object(verbose(form))
        case .text: .text(text + "\n")
        case .srt: .text(subtitles.enumerated().map { Subtitles.srt($1, number: $0 + 1) }.joined())
        case .vtt: .text(Subtitles.vttHead + subtitles.map { Subtitles.vtt($0) }.joined())
        }
    }

    private var subtitles: [Subtitles.Cue] {
        var subtitles = Subtitles()
        for one in said { subtitles.add(one) }
        return subtitles.cues
    }

    private func verbose(_ form: TranscriptionForm) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "task": .string(isTranslation ? "translate" : "transcribe"), "duration": seconds(duration),
            "text": .string(text), "usage": usage,
            "language": .string(language(form)),
        ]
        if form.wantsSegments { members["segments"] = .array(said.enumerated().map { segment($1, number: $0) }) }
        if form.wantsWords { members["words"] = .array(said.flatMap(words)) }
        return members
    }

    /// The word for English, as OpenAI writes it; of other languages their code.
    private func language(_ form: TranscriptionForm) -> String {
        let code = said.compactMap(\.transcript.language).first ?? form.language ?? "en"
        return code.prefix { $0 != "-" } == "en" ? "english" : code
    }

    /// The members that only a transformer has are 0, as for a model that cannot tell.
    private func segment(_ one: SaidText, number: Int) -> JSONValue {
        .object([
            "id": .integer(number), "seek": .integer(Int(one.start / .milliseconds(10))), "start": seconds(one.start),
            "end": seconds(one.end), "text": .string(one.transcript.text), "tokens": .array([]),
            "temperature": .double(0), "compression_ratio": .double(1), "no_speech_prob": .double(0),
            "avg_logprob": .double(one.transcript.confidence.map { log(max($0, 1e-6)) } ?? 0),
        ])
    }

    private func words(_ one: SaidText) -> [JSONValue] {
        one.transcript.words.map { word in
            .object([
                "word": .string(word.text), "start": seconds(one.start + word.start),
                "end": seconds(one.start + word.end),
            ])
        }
    }

    private func seconds(_ time: Duration) -> JSONValue { .double((time / .milliseconds(1)).rounded() / 1_000) }
}
