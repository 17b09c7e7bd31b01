import Flow
import Hearing
import JSON
import VoiceCore

/// Puts the facts of one session into Palaver's words.
struct PalaverTeller: Sendable {
    /// More texts than commands may still refer to: a command is found at once in the text that holds it.
    private static let memory = 64

    private let board: PalaverBoard
    private let hearing: SourceDirectory?
    /// What was said last, by utterance, the oldest first.
    private var texts: [(utterance: UtteranceID, event: PalaverEvent)] = []

    init(board: PalaverBoard, hearing: SourceDirectory?) {
        self.board = board
        self.hearing = hearing
    }

    /// What a fact is for Palaver, in order; nothing for what it has no word for.
    mutating func events(_ event: Event, sequence: UInt64) async -> [PalaverEvent] {
        let stamp = PalaverStamp(at: event.at, id: PalaverEventID(event, sequence: sequence))
        let stream = board.stream(of: event.source)
        switch event.body {
        case .draftStarted(let draft): return [.draft(.draftStart, draft, of: stream, stamp)]
        case .draftEnded(let draft): return ended(draft, event, stream, stamp)
        case .draftRevised(let draft): return [.draft(.draftRescan, draft, of: stream, stamp)]
        default: break
        }
        guard let stream else { return [] }
        switch event.body {
        case .transcriptFinal(let said): return [remember(.said(said, of: stream, stamp), event.utterance)]
        case .commandMatched(let command):
            return [.matched(command, in: text(of: event.utterance, command.matchedText, stream, stamp), stamp)]
        case .speechStarted(let position, _):
            let settings = await board.detection(of: event.source, hearing)
            return [.speechStarted(stream, at: position, settings, stamp)]
        case .speechStopped(let position): return [.speechStopped(stream, at: position, stamp)]
        case .sourceStopped: return [.stopped(stream, stamp)]
        case .sourceGap(let length):
            return [.failed(stream, "\(length.wholeMilliseconds) ms of audio are missing", stamp)]
        // That nobody said anything is no fault.
        case .transcriptFailed(let code) where code != "no_speech":
            return [.failed(stream, "something that was said has no text: \(code)", stamp)]
        default: return []
        }
    }

    /// A draft that nobody has ended by a phrase is followed by the command that Palaver gives itself.
    private func ended(
        _ draft: Draft, _ event: Event, _ stream: PalaverStream?, _ stamp: PalaverStamp
    ) -> [PalaverEvent] {
        let end = PalaverEvent.draft(.draftEnd, draft, of: stream, stamp)
        guard let reason = draft.ending?.reason, ![.command, .made].contains(reason), let stream else { return [end] }
        let last = text(of: draft.parts.last?.utterance, draft.text, stream, stamp)
        return [end, .forcedStop(in: last, PalaverStamp(at: stamp.at))]
    }

    private mutating func remember(_ event: PalaverEvent, _ utterance: UtteranceID?) -> PalaverEvent {
        guard let utterance else { return event }
        texts = texts.suffix(Self.memory - 1) + [(utterance, event)]
        return event
    }

    /// What was told of an utterance; for one that was said before anybody listened, as much as is known of it.
    private func text(
        of utterance: UtteranceID?, _ words: String, _ stream: PalaverStream, _ stamp: PalaverStamp
    ) -> PalaverEvent {
        if let known = texts.last(where: { $0.utterance == utterance }) { return known.event }
        let said = UtteranceTranscript(
            transcript: Transcript(text: words), start: .zero, end: .zero, engine: "", latency: .zero)
        return .said(said, of: stream, PalaverStamp(at: stamp.at))
    }
}
