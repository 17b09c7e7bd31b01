import Hearing
import JSON
import Net
import VoiceCore
import Wire

/// The forms in which what was said leaves the server.
enum DraftExport: String, CaseIterable, Sendable {
    case json, txt, srt, vtt

    /// - Parameter name: As in `?format=`; nil for JSON.
    init(named name: String?) throws(WireError) {
        guard let form = DraftExport(rawValue: name ?? DraftExport.json.rawValue) else {
            throw .outOfRange(field: "format", allowed: "json, txt, srt or vtt")
        }
        self = form
    }

    /// What such a file is called on the wire, without a body.
    var head: HTTPResponse {
        switch self {
        case .json: Self.text("", as: "application/json")
        case .txt: Self.text("", as: "text/plain")
        case .srt: Self.text("", as: "application/x-subrip")
        case .vtt: Self.text("", as: "text/vtt")
        }
    }

    func response(_ noted: NotedDraft) -> HTTPResponse {
        switch self {
        case .json: .value(WireDraft(noted.draft, recording: noted.recording).json)
        case .txt: Self.text(noted.draft.text + "\n", as: "text/plain")
        case .srt:
            Self.text(
                Self.subtitles(noted).cues.enumerated().map { Subtitles.srt($0.element, number: $0.offset + 1) }
                    .joined(), as: "application/x-subrip")
        case .vtt:
            Self.text(
                Subtitles.vttHead + Self.subtitles(noted).cues.map { Subtitles.vtt($0) }.joined(), as: "text/vtt")
        }
    }

    /// Times are from the beginning of the draft; of its recording, where there is one.
    private static func subtitles(_ noted: NotedDraft) -> Subtitles {
        let origin = noted.draft.start - (noted.recording == nil ? .zero : Recording.silence)
        var subtitles = Subtitles()
        for part in noted.draft.parts {
            subtitles.add(
                SaidText(
                    start: part.said.start - origin, end: part.said.end - origin, transcript: part.said.transcript))
        }
        return subtitles
    }

    private static func text(_ text: String, as type: String) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            fields: [
                "Content-Type": "\(type); charset=utf-8", "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            ], body: Array(text.utf8))
    }
}
