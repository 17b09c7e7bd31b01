import Engines
import Flow
import FoundationEssentials
import Glibc
import Testing
import VoiceCore

/// A recogniser with real `hearsay-pocketsphinx` processes, in a directory of its own.
struct HearingRig: Sendable {
    let engine: WyomingTranscriber
    let directory: String

    /// Runs a recogniser around `body`, then stops it and sees that nothing of it is left.
    static func run(
        size: Int = 1, _ body: @escaping @Sendable (HearingRig) async throws -> Void
    ) async throws {
        let directory = "/tmp/hearsay-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        let executable = FliteRig.worker.replacing("hearsay-flite", with: "hearsay-pocketsphinx")
        var options = WyomingTranscriber.pocketsphinxOptions
        options.size = size
        let engine = WyomingTranscriber.pocketsphinx(
            executable: executable, directory: directory, options: options, log: Log(label: "test"))
        let rig = HearingRig(engine: engine, directory: directory)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run() }
            defer { group.cancelAll() }
            try await body(rig)
        }
        #expect(rig.processes.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
        try FileManager.default.removeItem(atPath: directory)
    }

    /// The worker processes that exist, told by the directory in their command line.
    var processes: [Int32] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap(Int32.init).filter { id in
            let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
            return String(decoding: line, as: UTF8.self).contains(directory)
        }.sorted()
    }

    func read(_ samples: [Int16], as reading: Reading, language: String? = nil) async throws -> Transcript? {
        try await engine.transcribe(
            UtteranceAudio(samples), as: TranscriptionRequest(reading: reading, language: language)
        ) { _ in }
    }
}

/// Recordings of Debian's package pocketsphinx-testdata.
enum TestSpeech {
    /// "Go forward ten meters", 2.8 s.
    static var goForward: [Int16] { samples("goforward.raw", after: 0) }

    /// "Ten of clubs", 1.1 s.
    static var tenOfClubs: [Int16] { samples("cards/001.wav", after: 44) }

    private static func samples(_ name: String, after headerByteCount: Int) -> [Int16] {
        let bytes = FileManager.default.contents(atPath: "/usr/share/pocketsphinx/test/data/\(name)") ?? Data()
        let body = [UInt8](bytes.dropFirst(headerByteCount))
        return stride(from: 0, to: body.count - 1, by: 2).map { index in
            Int16(truncatingIfNeeded: UInt16(body[index]) | UInt16(body[index + 1]) << 8)
        }
    }
}
