internal import JSON
internal import Sherpa
private import Synchronization
internal import Wyoming

/// Answers `punctuate` events with the same text and its marks.
final class PunctuationWorker: Sendable {
    private let model: Mutex<Punctuation>

    /// Far more than an utterance has.
    private static let characterLimit = 10_000

    /// Loads the model; one that the library does not understand may end the process instead.
    init(_ folder: PunctuationFolder, _ library: SherpaLibrary) throws(ModelProblem) {
        guard let model = Punctuation.open(folder.files, library: library) else { throw .refused }
        self.model = Mutex(model)
    }

    /// - Returns: Whether the connection goes on.
    func answer(_ event: WyomingEvent, _ connection: borrowing WyomingConnection) throws(TransportError) -> Bool {
        switch event {
        case .describe: try connection.send(.info(Info()))
        case .ping(let text): try connection.send(.pong(Pong(text: text, isBusy: false)))
        case .other(let raw) where raw.type == PunctuationEvent.request:
            let text = raw.data["text"]?.text ?? ""
            let found = text.unicodeScalars.count > Self.characterLimit ? text : punctuate(text)
            try connection.send(.other(PunctuationEvent.answer(found)))
        default: break
        }
        return true
    }

    /// The text as it was where the model makes nothing of it.
    func punctuate(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if words.isEmpty { return text }
        let found = model.withLock { $0.punctuate(words) }
        return found.isEmpty ? text : found
    }
}
