package import Flow
package import VoiceCore

/// All engines of the server; runs them, and tells every change of their states.
///
/// Engines may come and go while it runs.
package final class EngineRoster: EngineCatalogue, Service {
    package var defaultVoice: String { chosenVoice.withLock { $0 } }
    private let chosenVoice: Monitor<String>
    /// Every change of an engine's state, from the first one on.
    package let changes = Broadcast<EngineState>(capacity: 256)
    private let lineup: Monitor<Lineup>

    /// - Parameter engines: In the order in which they are asked for a voice; their names differ.
    package init(_ engines: [any Engine], defaultVoice: String) {
        chosenVoice = Monitor(defaultVoice)
        var lineup = Lineup()
        for engine in engines { lineup.append(engine) }
        self.lineup = Monitor(lineup)
    }

    /// Lets requests that name no voice have another one from now on.
    package func replace(defaultVoice: String) { chosenVoice.withLock { $0 = defaultVoice } }

    private var engines: [any Engine] { lineup.withLock { $0.places.map(\.engine) } }

    /// Adds an engine behind all others.
    ///
    /// - Returns: False if there is one of its name already.
    @discardableResult package func add(_ engine: any Engine) -> Bool { lineup.update { $0.add(engine) } }

    /// Takes an engine out; what it is speaking is cut off.
    package func remove(named name: String) { lineup.update { $0.remove(named: name) } }

    /// Says which voices could be had, instead of those that were told before.
    package func setAbsentVoices(_ voices: [Voice]) { lineup.update { $0.absentVoices = voices } }

    package func absentVoices() async -> [Voice] { lineup.withLock { $0.absentVoices } }

    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var lastNumber = -1
            while let news = await lineup.wait({ $0.news(after: lastNumber) }) {
                guard case .added(let places) = news else { break }
                for place in places {
                    lastNumber = place.number
                    group.addTask { try await self.keep(place) }
                }
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// Runs an engine until it is taken out.
    private func keep(_ place: Lineup.Place) async throws {
        do {
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    try await place.engine.run()
                    return false
                }
                group.addTask {
                    await self.follow(place.engine)
                    return false
                }
                group.addTask { await self.lineup.wait { $0.has(place) ? nil : true } ?? false }
                while let isOut = try await group.next(), !isOut {}
                group.cancelAll()
            }
        } catch {
            lineup.update { $0.hasFailed = true }
            throw error
        }
        if !Task.isCancelled { changes.publish(EngineState(engine: place.engine.name, phase: .unloaded)) }
    }

    /// Voices of all engines; where two have the same id, the later one's is `engine/id`.
    package func voices() async -> [Voice] {
        var voices: [Voice] = []
        var ids: Set<String> = []
        for engine in engines {
            for var voice in await engine.voices() {
                if !ids.insert(voice.id).inserted { voice.id = "\(engine.name)/\(voice.id)" }
                voices.append(voice)
            }
        }
        return voices
    }

    package func synthesizer(for voice: String) async -> (any Synthesizer)? {
        for engine in engines {
            for candidate in await engine.voices()
            where candidate.id == voice || "\(engine.name)/\(candidate.id)" == voice {
                return engine
            }
        }
        return engines.first { engine in
            let prefix = engine.name + "/"
            guard voice.hasPrefix(prefix) else { return voice == defaultVoice && engine.mayHave(voice) }
            return engine.mayHave(String(voice.dropFirst(prefix.count)))
        }
    }

    /// Local engines in their order; the default voice goes first, then a usual one for the language, then any for it.
    ///
    /// Where nobody knows the language, the default voice speaks, or else the first voice there is.
    package func standIn(for voice: String, speaking language: String?) async -> StandIn? {
        guard let failed = await synthesizer(for: voice), isRemote(failed.name) else { return nil }
        let known = await failed.voices().first { $0.id == voice || "\(failed.name)/\($0.id)" == voice }
        let wanted = language ?? known.flatMap { $0.language == "und" ? nil : $0.language }
        let all = await voices().filter { !isRemote($0.engine) }
        let usual = all.first { $0.id == defaultVoice } ?? all.first
        let fitting = wanted.map { wanted in all.filter { $0.speaks(wanted) } }
        let choice: Voice?
        if let wanted, let fitting {
            choice = fitting.first { $0.id == usual?.id } ?? fitting.first { $0.isUsual(for: wanted) } ?? fitting.first
        } else {
            choice = usual
        }
        guard let choice, let engine = engines.first(where: { $0.name == choice.engine }) else { return nil }
        return StandIn(voice: choice, synthesizer: engine)
    }

    private func isRemote(_ engine: String) -> Bool {
        engines.contains { $0.name == engine && $0.state.isRemote }
    }

    package func states() async -> [EngineState] {
        engines.map { engine in
            var state = engine.state
            state.memoryByteCount = engine.memoryByteCount
            return state
        }
    }

    private func follow(_ engine: any Engine) async {
        var known: EngineState?
        while let state = await engine.state(after: known) {
            changes.publish(state)
            known = state
        }
    }
}

/// Which engines there are.
private struct Lineup: Sendable {
    struct Place: Sendable {
        /// Rises with each engine that was ever added.
        var number: Int
        var engine: any Engine
    }

    enum News: Sendable {
        case added([Place])
        /// An engine ended with an error, which ends the roster.
        case failed
    }

    private(set) var places: [Place] = []
    var absentVoices: [Voice] = []
    var hasFailed = false
    private var nextNumber = 0

    mutating func append(_ engine: any Engine) {
        places.append(Place(number: nextNumber, engine: engine))
        nextNumber += 1
    }

    /// - Returns: False if there is one of its name already.
    mutating func add(_ engine: any Engine) -> Bool {
        guard !places.contains(where: { $0.engine.name == engine.name }) else { return false }
        append(engine)
        return true
    }

    mutating func remove(named name: String) { places.removeAll { $0.engine.name == name } }

    func has(_ place: Place) -> Bool { places.contains { $0.number == place.number } }

    func news(after number: Int) -> News? {
        if hasFailed { return .failed }
        let added = places.filter { $0.number > number }
        return added.isEmpty ? nil : .added(added)
    }
}
