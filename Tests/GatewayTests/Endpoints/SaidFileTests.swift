import Flow
import Testing
import VoiceCore

@testable import Gateway

@Suite struct SaidFileTests {
    private static let midnight: Int64 = 1_795_219_200_000

    /// - Parameters:
    ///   - told: When its text was there, in seconds after midnight.
    ///   - start: From its source's first sample, in seconds; it lasts one second.
    private static func said(
        _ text: String, by speaker: String?, told: Int64, start: Int, source: String = "desk"
    ) -> NotedUtterance {
        NotedUtterance(
            number: told, utterance: UtteranceID("utt_\(told)"), session: SessionID("default"),
            source: SourceID(source),
            speaker: speaker, at: WallTime(milliseconds: midnight + told * 1_000),
            said: UtteranceTranscript(
                transcript: Transcript(text: text), start: .seconds(start), end: .seconds(start + 1), engine: "fake",
                latency: .milliseconds(500)))
    }

    private static let talk = [
        said("Shall we?", by: "Ann", told: 10, start: 400, source: "door"),
        said("Yes & no.", by: nil, told: 13, start: 7),
    ]

    private func whole(_ form: DraftExport, isOfOneSource: Bool = false) -> String {
        var file = SaidFile(form, isOfOneSource: isOfOneSource)
        // However it is cut into pieces, it is one file.
        let pieces = Self.talk.map { file.piece([$0]) }
        return file.head + pieces.joined() + file.tail
    }

    @Test func `text says when and who`() {
        #expect(whole(.txt) == "2026-11-21T00:00:08.500Z Ann: Shall we?\n2026-11-21T00:00:11.500Z desk: Yes & no.\n")
    }

    @Test func `subtitles of several sources begin with the first that spoke, and name who speaks`() {
        #expect(
            whole(.srt)
                == "1\n00:00:00,000 --> 00:00:01,000\nAnn: Shall we?\n\n2\n00:00:03,000 --> 00:00:04,000\ndesk: Yes & no.\n\n"
        )
        #expect(whole(.vtt).hasPrefix("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nAnn: Shall we?\n\n"))
        #expect(whole(.vtt).hasSuffix("desk: Yes &amp; no.\n\n"))
    }

    @Test func `subtitles of one source fit its audio`() {
        #expect(
            whole(.srt, isOfOneSource: true).hasPrefix("1\n00:06:40,000 --> 00:06:41,000\nShall we?\n\n2\n00:00:07,000")
        )
    }

    @Test func `what somebody said before the first file began is not before zero`() {
        var file = SaidFile(.srt, isOfOneSource: false)
        _ = file.piece([Self.talk[1]])
        #expect(file.piece([Self.talk[0]]).hasPrefix("2\n00:00:00,000 -->"))
    }

    @Test func `a recording that was read fast is placed by its own times, each source by the clock`() {
        let talk = [
            Self.said("One.", by: nil, told: 10, start: 0), Self.said("Two.", by: nil, told: 11, start: 30),
            Self.said("Hello.", by: nil, told: 12, start: 100, source: "door"),
            Self.said("Three.", by: nil, told: 12, start: 60),
            // The same recording once more, before the first would be over; and a later one.
            Self.said("One.", by: nil, told: 20, start: 0), Self.said("Two.", by: nil, told: 21, start: 30),
            Self.said("Late.", by: nil, told: 1_010, start: 40),
        ]
        var file = SaidFile(.srt, isOfOneSource: false)
        let starts = file.piece(talk).split(separator: "\n").filter { $0.contains("-->") }.map { $0.prefix(8) }
        #expect(
            starts == ["00:00:00", "00:00:30", "00:00:02", "00:01:00", "00:01:01", "00:01:31", "00:16:40"])
    }

    @Test func `JSON has all of it`() {
        let text = whole(.json)
        #expect(text.hasPrefix(#"{"transcripts":[{"#) && text.hasSuffix("]}\n"))
        #expect(text.split(separator: "\n").count == 2 && text.contains(#""speaker":"Ann""#))
    }
}
