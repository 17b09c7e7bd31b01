internal import Flow
package import VoiceCore

/// The engines that can hear, the first of which is asked where none is named; they may come and go.
package final class TranscriberRoster: Sendable {
    private let lineup = Lineup<any Transcriber>()
    /// The one to ask where none is named, once it is there; nil for the first.
    private let usual: String?
    /// Names that are no name for an engine that comes.
    private let reserved: Set<String>
    private let couldBeHad = Monitor<[EngineState]>([])
    private let reviser: String?

    /// - Parameter reviser: The one that reads each utterance a second time; nil for the one that read it first.
    package init(
        _ all: [any Transcriber] = [], usual: String? = nil, reviser: String? = nil, reserved: Set<String> = []
    ) {
        self.usual = usual
        self.reviser = reviser
        self.reserved = reserved
        for transcriber in all { lineup.append(transcriber, named: transcriber.name) }
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
        Self.isElsewhere(engine) ? lineup.members.first { !Self.isElsewhere($0) } : nil
    }

    /// Whether an engine runs on another machine, or is run by others.
    static func isElsewhere(_ engine: any Transcriber) -> Bool {
        (engine as? any TranscriberEngine)?.state.isRemote ?? false
    }

    /// Their names, the usual one's first.
    package var names: [String] {
        let names = lineup.members.map(\.name)
        guard let usual, names.contains(usual) else { return names }
        return [usual] + names.filter { $0 != usual }
    }

    /// The one that is to be asked where none is named, and that is not there; nil where all is well.
    package var missing: String? { usual.flatMap { transcriber(named: $0) == nil ? $0 : nil } }

    /// What those are doing that have a life of their own.
    package var states: [EngineState] {
        let usual = transcriber(named: nil)?.name
        return lineup.members.compactMap { transcriber in
            guard let engine = transcriber as? any TranscriberEngine else { return nil }
            var state = engine.state
            state.isUsual = engine.name == usual
            state.memoryByteCount = engine.memoryByteCount
            return state
        }
    }

    /// Those that could be had, with the reason why they are not.
    package var absentStates: [EngineState] { couldBeHad.withLock { $0 } }

    /// Says which engines could be had, instead of those that were told before.
    package func setAbsent(_ states: [EngineState]) { couldBeHad.update { $0 = states } }

    /// Puts an engine before all others, to be asked where none is named.
    package func lead(with transcriber: any Transcriber) {
        lineup.append(transcriber, named: transcriber.name, first: true)
    }

    /// Adds an engine behind all others.
    ///
    /// - Returns: False if its name is taken.
    package func add(_ transcriber: any Transcriber) -> Bool {
        !reserved.contains(transcriber.name) && lineup.add(transcriber, named: transcriber.name)
    }

    /// Takes an engine out; what it is reading fails.
    package func remove(named name: String) { lineup.remove(named: name) }

    /// - Parameter name: Nil for the usual one.
    /// - Returns: Nil if there is none of that name.
    package func transcriber(named name: String?) -> (any Transcriber)? {
        let all = lineup.members
        guard let name else { return all.first { $0.name == usual } ?? all.first }
        return all.first { $0.name == name }
    }

    /// Runs the engines until cancelled.
    ///
    /// - Parameter tell: Told every change of what one is doing.
    package func run(_ tell: @escaping @Sendable (EngineState) -> Void) async throws {
        try await lineup.run { transcriber in
            guard let engine = transcriber as? any TranscriberEngine else { return }
            try await engine.live(tell)
        } left: { transcriber in
            tell(EngineState(engine: transcriber.name, phase: .unloaded, kind: .recogniser))
        }
    }
}
