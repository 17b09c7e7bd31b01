import Flow
import Glibc
import JSON
import VoiceCore

/// Reads the configuration file again when it has changed, or when SIGHUP asks for it, and lets what can change do so.
struct ServeReload: Service {
    /// A file counts as changed when it stayed the same for so long, so that one that is being written is not read.
    private static let interval = Duration.milliseconds(500)

    let configuration: ServeConfiguration
    let parts: LiveParts
    let state: Monitor<ConfigurationState>
    let events: Broadcast<Event>
    let timeline: Timeline
    let log: Log
    /// What the server started with.
    let start: ServeConfiguration.Reading

    func run() async throws {
        var held = start.arguments
        var known = FileStamp(configuration.path)
        var seen = known
        while !Task.isCancelled {
            let isAsked = await timeline.limit(Self.interval) { await Signals.nextReload() } != nil
            let stamp = FileStamp(configuration.path)
            defer { seen = stamp }
            guard isAsked || stamp != known && stamp == seen else { continue }
            known = stamp
            held = await reload(holding: held)
        }
    }

    /// - Parameter held: The options that hold.
    /// - Returns: Those that hold from now on.
    func reload(holding held: ParsedArguments) async -> ParsedArguments {
        let reading: ServeConfiguration.Reading
        do throws(UsageError) {
            reading = try await checked(configuration.read())
        } catch {
            tell([ServeFileMistake(.refused(error), at: nil)])
            return held
        }
        guard reading.mistakes.isEmpty else {
            tell(reading.mistakes)
            return held
        }
        let changed = Self.changed(from: held, to: reading.arguments) { $0.isLive }
        let waiting = Self.changed(from: start.arguments, to: reading.arguments) { !$0.isLive }
        await parts.apply(reading.options, changed: Set(changed.map(\.name)))
        tell(changed: changed.map(\.key), waiting: waiting.map(\.key))
        return reading.arguments
    }

    /// A file that was there and is not any more is a mistake: it may be on its way back, and nothing should change.
    private func checked(_ reading: ServeConfiguration.Reading) async -> ServeConfiguration.Reading {
        var reading = reading
        if reading.mistakes.isEmpty, FileStamp(configuration.path) == nil, !start.file.settings.isEmpty {
            reading.mistakes = [ServeFileMistake(.unreadable(.absent), at: nil)]
        }
        if let voice = reading.options.voice, await !parts.knows(voice) {
            let error = UsageError.badValue(
                option: "voice", value: voice, expected: "one of those that `hearsay voices` lists")
            reading.mistakes.append(ServeFileMistake(.refused(error), at: reading.file.settings["voice"]?.place))
        }
        return reading
    }

    private static func changed(
        from old: ParsedArguments, to new: ParsedArguments, where isMeant: (Option) -> Bool
    ) -> [Option] {
        ServeConfiguration.options.filter { isMeant($0) && old.values[$0.name] != new.values[$0.name] }
    }

    private func tell(_ mistakes: [ServeFileMistake]) {
        for mistake in mistakes {
            log.error("configuration.mistake", ["problem": mistake.text(in: configuration.path)])
        }
        log.error("configuration.broken", ["file": configuration.path, "kept": "what held before"])
        publish { state in
            state.mistakes = mistakes.map { mistake in
                mistake.place.map { ConfigurationState.Place(line: $0.line, column: $0.column) }
            }
            state.changed = []
        }
    }

    private func tell(changed: [String], waiting: [String]) {
        log.info(
            "configuration.read",
            [
                "file": configuration.path, "changed": changed.joined(separator: " "),
                "restart": waiting.joined(separator: " "),
            ])
        publish { $0 = ConfigurationState(file: $0.file, changed: changed, waiting: waiting) }
    }

    private func publish(_ change: (inout ConfigurationState) -> Void) {
        let new = state.withLock { state in
            change(&state)
            return state
        }
        events.publish(event: Event(.configurationChanged(new)))
    }
}
