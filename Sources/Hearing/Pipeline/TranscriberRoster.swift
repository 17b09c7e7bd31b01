package import VoiceCore

/// The engines that can hear, the first of which is asked where none is named.
package struct TranscriberRoster: Sendable {
    private let all: [any Transcriber]
    private let reviser: String?

    /// - Parameter reviser: The one that reads each utterance a second time; nil for the one that read it first.
    package init(_ all: [any Transcriber], reviser: String? = nil) {
        self.all = all
        self.reviser = reviser
    }

    /// Who reads an utterance a second time, and how.
    ///
    /// - Parameter first: The one that read it first.
    /// - Returns: Nil where nobody would read it otherwise than before.
    func second(after first: any Transcriber, _ settings: RecognitionSettings) -> (any Transcriber, Reading)? {
        guard settings.revise ?? true, let reader = transcriber(named: settings.reviser ?? reviser ?? first.name) else {
            return nil
        }
        if reader.readings.contains(.second) { return (reader, .second) }
        return reader.name == first.name ? nil : (reader, .live(partials: false))
    }

    /// Who reads what an engine elsewhere does not: the first one of this machine.
    func standIn(for engine: any Transcriber) -> (any Transcriber)? {
        Self.isElsewhere(engine) ? all.first { !Self.isElsewhere($0) } : nil
    }

    private static func isElsewhere(_ engine: any Transcriber) -> Bool {
        (engine as? any TranscriberEngine)?.state.isRemote ?? false
    }

    /// Their names, the usual one's first.
    package var names: [String] { all.map(\.name) }

    /// What those are doing that have a life of their own.
    package var states: [EngineState] { all.compactMap { ($0 as? any TranscriberEngine)?.state } }

    /// - Parameter name: Nil for the usual one.
    /// - Returns: Nil if there is none of that name.
    package func transcriber(named name: String?) -> (any Transcriber)? {
        guard let name else { return all.first }
        return all.first { $0.name == name }
    }
}
