internal import Flow
internal import Glibc
package import Sound
package import VoiceCore

/// Converts recordings by a process of ffmpeg that is bounded in every way.
///
/// The container is named, so that ffmpeg guesses nothing; it reads one file and no network, and writes one file whose
/// length is known beforehand.
package struct FFmpegConverter: RecordingConverter {
    /// Measured: half an hour of AAC takes 3 s of a processor.
    private static let timeLimit = Duration.seconds(120)
    /// Of address space: ten times what it uses for sound.
    private static let memoryLimit = 2 << 30
    /// What comes out: 16 kHz, the rate of recognisers.
    private static let sampleRate = UtteranceAudio.sampleRate

    private let program: String
    /// Sets limits for a process; nil where the system has none.
    private let limiter: String?

    /// - Returns: Nil where ffmpeg is not installed.
    package init?() {
        guard let program = Self.path(of: "ffmpeg") else { return nil }
        self.program = program
        limiter = Self.path(of: "prlimit")
    }

    package func convert(
        _ bytes: ArraySlice<UInt8>, from container: ForeignContainer, limit: Duration
    ) async throws(ConversionError) -> any RecordingReader {
        guard let folder = ScratchFolder(), folder.write(bytes, to: "in") else { throw .failed }
        let words = words(folder, container, limit)
        guard case .ended(.exited(code: 0)) = try await run(words), let output = folder.open("out") else {
            throw .failed
        }
        return ConvertedRecording(output, sampleRate: Self.sampleRate)
    }

    private func words(_ folder: ScratchFolder, _ container: ForeignContainer, _ limit: Duration) -> [String] {
        let seconds = Int((limit / .seconds(1)).rounded(.up))
        let bounds = limiter.map { [$0, "--as=\(Self.memoryLimit)", "--core=0", "--nofile=32", "--"] } ?? []
        return bounds
            + [program, "-nostdin", "-hide_banner", "-v", "quiet", "-threads", "1"]
            + ["-protocol_whitelist", "file", "-f", container.rawValue, "-i", "file:" + folder.path("in")]
            + ["-map", "0:a:0", "-vn", "-sn", "-dn", "-t", "\(seconds)", "-threads", "1"]
            + ["-ac", "1", "-ar", "\(Self.sampleRate)", "-f", "s16le"]
            + ["-fs", "\(seconds * Self.sampleRate * 2)", "file:" + folder.path("out")]
    }

    private enum Outcome: Sendable {
        case ended(ProcessEnd)
        case notStarted
    }

    private func run(_ words: [String]) async throws(ConversionError) -> Outcome {
        let process = Monitor<WorkerProcess?>(nil)
        let outcome = Monitor<Outcome?>(nil)
        DedicatedThread.detach(label: "ffmpeg") {
            let started = try? WorkerProcess.start(words, environment: ["LC_ALL=C"])
            process.update { $0 = started }
            let end = started?.waitForEnd(stopLimit: .seconds(1))
            outcome.update { $0 = end.map { .ended($0) } ?? .notStarted }
        }
        if let outcome = await Timeline.live().limit(Self.timeLimit, { await outcome.wait { $0 } }) { return outcome }
        process.withLock { $0 }?.kill()
        throw .tookTooLong
    }

    private static func path(of program: String) -> String? {
        ["/usr/local/bin/", "/usr/bin/", "/bin/"].map { $0 + program }.first { unsafe access($0, X_OK) == 0 }
    }
}
