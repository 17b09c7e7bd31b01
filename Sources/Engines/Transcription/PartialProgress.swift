internal import VoiceCore
internal import Wyoming

/// What was told of an utterance while it is heard, so that each change is told once and confirmed text stays.
struct PartialProgress: Sendable {
    private var told = PartialTranscript(tentative: "")
    /// What the present try has confirmed.
    private var chunks = ""

    /// Begins another try, which may understand something else.
    mutating func restart() {
        chunks = ""
    }

    /// A whole new understanding, all of which may change.
    mutating func take(tentative text: String) -> PartialTranscript? {
        tell(PartialTranscript(confirmed: told.confirmed, tentative: rest(of: text)))
    }

    /// Text that follows what came before and stays.
    mutating func take(chunk: String) -> PartialTranscript? {
        chunks += chunk
        guard chunks.hasPrefix(told.confirmed) else { return nil }
        return tell(PartialTranscript(confirmed: chunks, tentative: ""))
    }

    /// What follows the confirmed text; nothing where the two differ.
    private func rest(of text: String) -> String {
        text.hasPrefix(told.confirmed) ? String(text.dropFirst(told.confirmed.count)) : ""
    }

    private mutating func tell(_ partial: PartialTranscript) -> PartialTranscript? {
        if partial == told { return nil }
        told = partial
        return partial
    }
}
