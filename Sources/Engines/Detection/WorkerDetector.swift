package import Flow
package import VoiceCore
internal import Wyoming

/// A detector in a process of its own, which serves all sources over one connection.
///
/// Wyoming begins that connection, but windows are too many for its events: they go as records of a fixed size.
package final class WorkerDetector: DetectorEngine {
    package let name: String
    private let desk: WorkerDesk
    private let pool: WorkerPool
    private let switchboard = DetectionSwitchboard()
    private let timeline = Timeline.live()
    private let log: Log

    /// How long after a failed start streams are told that there is no detector, before it is tried again.
    private static let pause = Duration.seconds(2)

    init(name: String, worker command: WorkerCommand, directory: String, log: Log) {
        self.name = name
        self.log = log
        let options = PoolOptions(size: 1)
        desk = WorkerDesk(size: options.size, isWarm: true)
        pool = WorkerPool(
            engine: name, command: command, directory: directory, options: options, desk: desk, log: log)
    }

    /// Silero VAD in `hearsay-sherpa`.
    ///
    /// - Parameters:
    ///   - executable: The path of `hearsay-sherpa`.
    ///   - network: The network's file.
    ///   - directory: Exists and belongs to this server alone.
    package static func silero(executable: String, network: String, directory: String, log: Log) -> WorkerDetector {
        WorkerDetector(
            name: "silero", worker: WorkerCommand(executable: executable, arguments: ["--vad", network]),
            directory: directory, log: log.labelled("detector.silero"))
    }

    package var state: EngineState { engineState(desk.phase) }

    package func state(after known: EngineState?) async -> EngineState? {
        let phase = await desk.phase(after: known.map { EnginePhase(phase: $0.phase, reason: $0.reason) })
        return phase.map(engineState)
    }

    private func engineState(_ phase: EnginePhase) -> EngineState {
        EngineState(engine: name, phase: phase.phase, reason: phase.reason)
    }

    package func openStream() -> any SpeechDetectorStream { DetectionStream(switchboard, detector: name) }

    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [pool] in try await pool.run() }
            group.addTask { await self.serve() }
            try await group.waitForAll()
        }
    }

    /// Keeps a connection to whichever worker runs.
    private func serve() async {
        var number: UInt64 = 0
        while !Task.isCancelled, let answer = await desk.lease() {
            guard case .granted(let lease) = answer else {
                switchboard.disconnected(.none)
                await timeline.sleep(until: timeline.now + Self.pause)
                continue
            }
            number += 1
            await converse(with: lease.worker, number)
            desk.giveBack(lease, .broken)
        }
        switchboard.disconnected(.none)
    }

    /// Returns when the connection has ended.
    private func converse(with worker: Worker, _ number: UInt64) async {
        let interruption = Interruption()
        await withTaskCancellationHandler {
            let line = DetectionLine(worker)
            do {
                guard let mouth = try await line.open(interruption) else { return }
                switchboard.connected(as: number)
                await carry(line, mouth, interruption)
            } catch {
                log.warning("detector.unreached", ["reason": "\(error)"])
            }
            await line.close()
            switchboard.disconnected(.coming)
        } onCancel: {
            interruption.interrupt()
        }
    }

    private func carry(_ line: DetectionLine, _ mouth: DetectionMouth, _ interruption: Interruption) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [switchboard] in
                // Whichever half sees the end of the connection ends the other.
                while let answers = try? await line.next(), !answers.isEmpty { switchboard.take(answers) }
            }
            group.addTask { [switchboard] in
                while let questions = await switchboard.nextQuestions() {
                    guard (try? await mouth.say(questions)) != nil else { break }
                }
                interruption.interrupt()
            }
            await group.next()
            group.cancelAll()
        }
    }
}
