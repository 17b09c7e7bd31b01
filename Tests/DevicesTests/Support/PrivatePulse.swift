import Flow
import Glibc

@testable import Devices

/// A PulseAudio server of a test's own, with one null sink.
final class PrivatePulse: Sendable {
    struct NotReady: Error {}

    /// Its only sink.
    static let sink = "hearsay_test"

    /// What clients connect to.
    let address: String
    let process: ChildProcess
    private let folder: String
    private let environment: [String]

    private init(_ folder: String, canRewind: Bool, suspends: Bool) throws {
        self.folder = folder
        address = "unix:\(folder)/native"
        environment = [
            "HOME=\(folder)", "XDG_RUNTIME_DIR=\(folder)", "PATH=/usr/bin:/bin", "LC_ALL=C",
            "DBUS_SESSION_BUS_ADDRESS=unix:path=\(folder)/none",
        ]
        process = try ChildProcess(
            [
                "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=600", "--log-level=info", "--log-target=stderr",
                "--realtime=no", "--high-priority=no", "--use-pid-file=no",
                "-L", "module-native-protocol-unix auth-anonymous=1 socket=\(folder)/native",
                "-L",
                "module-null-sink sink_name=\(Self.sink) rate=24000 channels=1 format=s16le norewinds=\(canRewind ? 0 : 1)",
            ] + (suspends ? ["-L", "module-suspend-on-idle timeout=1"] : []), environment: environment, reading: 2)
    }

    /// Runs `body` with a server and ends the server afterwards.
    ///
    /// - Parameter canRewind: Whether the sink takes back what it was given but has not played, as sound cards do; a
    ///   recording then misses some milliseconds at each beginning, which it had read as silence before. While nothing
    ///   asks it for less, such a sink is 2 s ahead of what it plays.
    /// - Parameter suspends: Whether the sink goes to sleep when it was idle for 1 s.
    static func run(
        canRewind: Bool = false, suspends: Bool = false, _ body: (PrivatePulse) async throws -> Void
    ) async throws {
        let folder = try makeFolder()
        defer { removeFolder(folder) }
        let pulse = try PrivatePulse(folder, canRewind: canRewind, suspends: suspends)
        defer { pulse.process.end() }
        try await pulse.waitForLog("startup complete")
        try await body(pulse)
    }

    /// Waits until the server has written this.
    func waitForLog(_ words: String) async throws {
        let isThere = await Timeline.live().limit(.seconds(30)) {
            await self.process.output.wait { String(decoding: $0, as: UTF8.self).contains(words) ? true : nil }
        }
        guard isThere == true else { throw NotReady() }
    }

    /// An address where nobody answers.
    static func withoutServer(_ body: (_ address: String) async throws -> Void) async throws {
        let folder = try makeFolder()
        defer { removeFolder(folder) }
        try await body("unix:\(folder)/native")
    }

    /// Records what sounds on the sink while `body` runs.
    func recording(_ body: (Recording) async throws -> Void) async throws {
        let recorder = try ChildProcess(
            [
                "parec", "-s", address, "-d", "\(Self.sink).monitor", "--raw", "--format=s16le", "--rate=24000",
                "--channels=1", "--latency-msec=10",
            ], environment: environment, reading: 1)
        defer { recorder.end() }
        let recording = Recording(recorder.output)
        // The monitor gives silence as soon as it is recorded.
        guard await recording.wait(until: { !$0.isEmpty }) else { throw NotReady() }
        try await body(recording)
    }

    /// Plays mono samples at 24 kHz on the sink, and returns when they were taken.
    func play(_ samples: [Int16]) throws {
        let path = folder + "/sound.raw"
        guard let file = unsafe fopen(path, "w") else { throw NotReady() }
        _ = unsafe fwrite(samples, 2, samples.count, file)
        unsafe fclose(file)
        try ChildProcess(
            ["pacat", "-s", address, "-d", Self.sink, "--raw", "--format=s16le", "--rate=24000", "--channels=1", path],
            environment: environment, reading: 1
        ).wait()
    }

    /// Changes a setting of the server with its own tool.
    func control(_ words: String...) throws {
        try ChildProcess(["pactl", "-s", address] + words, environment: environment, reading: 1).wait()
    }

    /// What the server tells of its sinks.
    func sinks() async throws -> String {
        let tool = try ChildProcess(["pactl", "-s", address, "list", "sinks"], environment: environment, reading: 1)
        defer { tool.end() }
        let text = await Timeline.live().limit(.seconds(30)) {
            await tool.output.wait { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                return text.contains("Formats:") ? text : nil
            }
        }
        guard let text else { throw NotReady() }
        return text
    }

    private static func makeFolder() throws -> String {
        var path = Array("/tmp/hearsay-pulse-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&path) != nil else { throw NotReady() }
        return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func removeFolder(_ folder: String) {
        (try? ChildProcess(["rm", "-rf", folder], environment: ["PATH=/usr/bin:/bin"], reading: 1))?.wait()
    }
}
