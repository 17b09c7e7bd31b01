import Engines
import Flow
import FoundationEssentials
import Glibc
import Testing
import VoiceCore

/// An engine with real `hearsay-flite` processes, in a directory of its own.
struct FliteRig: Sendable {
    let engine: WyomingEngine
    let directory: String

    /// 15 s of speech: more than fits into a socket, so that a worker is still at work when its first audio comes.
    static let longText = String(repeating: "This sentence is rather long, and it goes on. ", count: 10)

    /// Runs an engine around `body`, then stops it and sees that nothing of it is left.
    static func run(
        _ options: PoolOptions = options(), executable: String = worker,
        _ body: @escaping @Sendable (FliteRig) async throws -> Void
    ) async throws {
        let directory = "/tmp/hearsay-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        let engine = WyomingEngine.flite(
            executable: executable, directory: directory, options: options, log: Log(label: "test"))
        let rig = FliteRig(engine: engine, directory: directory)
        let outcome = await rig.live(body)
        #expect(rig.processes.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
        try FileManager.default.removeItem(atPath: directory)
        try outcome.get()
    }

    static func options(size: Int = 1, cancelLimit: Duration = .seconds(20)) -> PoolOptions {
        var options = PoolOptions(size: size)
        options.cancelLimit = cancelLimit
        // The machine may be busy with other tests.
        options.silenceLimit = .seconds(60)
        return options
    }

    /// The built program lies beside the test bundle.
    static var worker: String {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return bundle.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/hearsay-flite"
    }

    /// The worker processes that exist, told by the directory in their command line.
    var processes: [Int32] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap(Int32.init).filter { id in
            let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
            return String(decoding: line, as: UTF8.self).contains(directory)
        }.sorted()
    }

    func signal(_ number: Int32) {
        for id in processes { kill(id, number) }
    }

    /// Speaks a text; the recording holds what came, also when an error was thrown.
    func speak(_ text: String, voice: String = "slt", speed: Double = 1, into recording: Recording) async throws {
        try await engine.synthesize(Clause(text: text, voice: voice, speed: speed)) { recording.take($0) }
    }

    func samples(of text: String, voice: String = "slt") async throws -> [Int16] {
        let recording = Recording()
        try await speak(text, voice: voice, into: recording)
        return recording.samples
    }

    /// Returns when the engine is in that phase.
    func wait(for phase: EngineState.Phase) async {
        var known: EngineState?
        repeat { known = await engine.state(after: known) } while known != nil && known?.phase != phase
    }

    private func live(_ body: @escaping @Sendable (FliteRig) async throws -> Void) async -> Result<Void, any Error> {
        await withTaskGroup(of: Result<Void, any Error>?.self) { group in
            group.addTask {
                try? await engine.run()
                return nil
            }
            group.addTask {
                do {
                    return .success(try await body(self))
                } catch {
                    return .failure(error)
                }
            }
            while let outcome = await group.next() {
                guard let outcome else { continue }
                group.cancelAll()
                await group.waitForAll()
                return outcome
            }
            return .success(())
        }
    }
}
