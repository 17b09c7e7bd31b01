import Engines
import Flow
import Hearing
import VoiceCore

/// What tells speech from everything else on this machine: Silero VAD where it is installed, else what is built in.
struct ChosenDetector: Service {
    let detector: any SpeechDetector
    private let engine: WorkerDetector?

    /// - Parameter sockets: A folder that belongs to this process alone.
    init(sockets: String, log: Log) {
        guard let program = Installation.path(ofWorker: "hearsay-sherpa") else {
            engine = nil
            detector = EnergySpeechDetector(insteadBecause: "hearsay-sherpa is not beside hearsay")
            return
        }
        guard let network = Installation.detectorNetwork else {
            engine = nil
            detector = EnergySpeechDetector(insteadBecause: "Silero VAD is not installed")
            return
        }
        let engine = WorkerDetector.silero(executable: program, network: network, directory: sockets, log: log)
        self.engine = engine
        detector = SteadyDetector(engine)
    }

    /// Works until cancelled.
    func run() async throws {
        if let engine { return try await engine.run() }
        // A service that returns would end its server.
        await Latch().wait()
    }

    /// Waits until it is known whether Silero listens; at most as long as a worker may take to start.
    func settle() async {
        var state: EngineState?
        repeat { state = await engine?.state(after: state) } while state?.phase == .starting
    }
}
