import Engines
import Flow
import Glibc
import VoiceCore

/// The engines of a server, with the folder in which their sockets lie.
final class ServerEngines: Service {
    let roster: EngineRoster
    private let events: Broadcast<Event>
    private let socketFolder: String

    /// - Throws: `Failure` when an engine's program is missing, or its folder cannot be made.
    init(_ options: ServeOptions, events: Broadcast<Event>, log: Log) throws {
        self.events = events
        guard let flite = Installation.path(ofWorker: "hearsay-flite") else {
            throw ServeAnnouncement.missingWorker("hearsay-flite")
        }
        socketFolder = try Self.makeFolder()
        let voices = WyomingEngine.fliteVoices.map(\.id)
        var engines: [any Engine] = [
            WyomingEngine.flite(executable: flite, directory: socketFolder, log: log.labelled("engine.flite"))
        ]
        if options.hasToneEngine { engines.append(ToneEngine()) }
        roster = EngineRoster(engines, defaultVoice: options.voice ?? voices.first ?? "slt")
    }

    deinit { unsafe rmdir(socketFolder) }

    /// Runs the engines and tells every change of theirs as an event.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [roster] in try await roster.run() }
            group.addTask { [roster, events] in
                var changes = roster.changes.cursor(after: 0)
                while let item = await changes.next() {
                    if case .fact(_, let state) = item { events.publish(event: Event(.engineChanged(state))) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// A path of a Unix socket has at most 107 bytes, so it lies in the folder for temporary files, not in the data
    /// folder.
    private static func makeFolder() throws -> String {
        let path = unsafe strdup("/tmp/hearsay-XXXXXX")
        defer { unsafe free(path) }
        guard let path = unsafe path, unsafe mkdtemp(path) != nil else {
            throw Failure(
                exitCode: .engineFailed, code: "no_temporary_folder",
                message: "no folder can be made in /tmp: \(SmallFile.Problem.system(errno))",
                advice: ["The speech engines need one; look at the permissions of /tmp and the room on its disk."])
        }
        return unsafe String(cString: path)
    }
}
