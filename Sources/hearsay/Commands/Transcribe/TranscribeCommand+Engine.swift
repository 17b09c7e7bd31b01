import Engines
import Flow
import Models
import VoiceCore

extension TranscribeCommand {
    private static let quiet = Log(label: "transcribe", sink: LogSink(level: .error, style: .logfmt) { _ in })

    /// The recogniser that a name or an address means.
    ///
    /// - Parameter folder: Belongs to this process alone.
    static func engine(
        _ name: String, _ invocation: Invocation, in folder: String
    ) throws -> WyomingTranscriber {
        guard name.contains(":") else { return try model(name, invocation, in: folder) }
        var options = PoolOptions()
        options.silenceLimit = .seconds(120)
        let engine = WyomingTranscriber(name: "remote", address: name, options: options, log: quiet)
        guard let engine else {
            throw Failure(
                exitCode: .usage, code: "bad_address", message: "\(name) is no address of a Wyoming server",
                advice: ["It looks like tcp://HOST:PORT or unix:/PATH."])
        }
        return engine
    }

    private static func model(
        _ name: String, _ invocation: Invocation, in folder: String
    ) throws -> WyomingTranscriber {
        let store = ModelStore(dataFolder: try Settings(invocation).dataFolder.path)
        let hearing = store.installed().filter { $0.kind == .recogniser }
        guard let manifest = hearing.first(where: { $0.id == name }) else {
            throw Failure(
                exitCode: .usage, code: "unknown_engine", message: "no recogniser called \(name) is installed",
                advice: advice(for: name, installed: hearing.map(\.id)))
        }
        let model = NeuralModel(manifest, in: store, idleLimit: nil, memoryByteCount: ModelOptions().memoryByteCount)
        let program = try ModelInstaller.program("hearsay-sherpa")
        return .sherpa(model, executable: program, directory: folder, isWarm: true, log: quiet)
    }

    private static func advice(for name: String, installed: [String]) -> [String] {
        let isKnown = ModelCatalogue.builtIn[id: name]?.kind == .recogniser
        let names = (installed + [ownRecogniser]).joined(separator: ", ")
        return [
            isKnown
                ? "`hearsay models pull \(name)` fetches it." : "`hearsay models list` names what can be installed.",
            "Here \(installed.isEmpty ? "is" : "are") \(names).",
        ]
    }
}
