import Glibc
import JSON
import VoiceCore
import Wire

/// What a server with OpenAI's interface says of a recording, as `json` or `verbose_json`.
struct TranscriptionAnswer {
    let transcript: Transcript

    init(_ body: [UInt8]) throws(RemoteFault) {
        guard let value = try? JSONText.value(JSONValue.self, of: body), let text = value["text"]?.text else {
            throw .notText
        }
        let segments = value["segments"]?.elements ?? []
        guard !Self.isSilence(segments) else {
            transcript = Transcript(text: "")
            return
        }
        transcript = Transcript(
            text: Self.trimmed(text), words: (value["words"]?.elements ?? []).compactMap(Self.word),
            confidence: Self.confidence(segments), language: value["language"]?.text.flatMap(Self.language))
    }

    private static func word(_ value: JSONValue) -> TranscriptWord? {
        guard let text = value["word"]?.text, let start = value["start"]?.number, let end = value["end"]?.number,
            (0...3_600).contains(start), (start...3_600).contains(end)
        else { return nil }
        return TranscriptWord(
            text: trimmed(text), start: .seconds(start), end: .seconds(end),
            confidence: value["probability"]?.number.flatMap { (0...1).contains($0) ? $0 : nil })
    }

    /// The mean of the segments' likelihood by token.
    private static func confidence(_ segments: [JSONValue]) -> Double? {
        let all = segments.compactMap { $0["avg_logprob"]?.number }.filter { $0 <= 0 }
        return all.isEmpty ? nil : all.reduce(0) { $0 + exp($1) } / Double(all.count)
    }

    /// Whisper's own measure: its model finds that nobody speaks, and is unsure of all words that it wrote nevertheless.
    private static func isSilence(_ segments: [JSONValue]) -> Bool {
        !segments.isEmpty
            && segments.allSatisfy { segment in
                (segment["no_speech_prob"]?.number ?? 0) > 0.6 && (segment["avg_logprob"]?.number ?? 0) < -1
            }
    }

    /// Some servers write `english`, which is no language tag.
    private static func language(_ text: String) -> String? {
        text.split(separator: "-").first.map { (2...3).contains($0.count) } == true ? text : nil
    }

    /// Whisper servers begin their text and words with a space.
    private static func trimmed(_ text: String) -> String {
        var rest = text[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
