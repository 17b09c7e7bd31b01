import Flow
import Testing

@testable import Devices

@Suite(.timeLimit(.minutes(2))) struct MicrophoneTests {
    /// Gives what a test has written down, then nothing.
    private final class Tape: CaptureStream {
        private var pieces: [CapturedAudio]
        private let ended: @Sendable () -> Void

        /// - Parameter ended: Told when all was taken.
        init(_ pieces: [CapturedAudio], ended: @escaping @Sendable () -> Void = {}) {
            self.pieces = pieces
            self.ended = ended
        }

        func read(upTo limit: Duration) -> CapturedAudio {
            guard pieces.isEmpty else { return pieces.removeFirst() }
            ended()
            Wakeup().wait(upTo: limit)
            return CapturedAudio()
        }
    }

    @Test func `a microphone gives all that is heard`() async throws {
        try await PrivatePulse.run { pulse in
            let microphone = Microphone(.pulse("\(PrivatePulse.sink).monitor"), pulseServer: pulse.address)
            microphone.start()
            defer { microphone.stop() }
            // It listens once something comes, be it silence.
            _ = try await microphone.next()
            try pulse.play([Int16](repeating: 9_000, count: 24_000))
            // A pause that a busy machine makes is silence, and does not matter.
            var loudCount = 0
            while loudCount < 15_900 {
                loudCount += try await samples(microphone).count { $0 > 4_000 }
            }
            #expect(loudCount < 16_100)
        }
    }

    @Test func `what is no microphone is told at once`() async throws {
        try await PrivatePulse.run { pulse in
            #expect(await error(.pulse("nowhere"), pulse.address) == .unknownDevice("nowhere"))
            // The only source repeats what sounds.
            #expect(await error(.automatic, pulse.address) == .noDevice)
        }
        try await PrivatePulse.withoutServer { address in
            #expect(await error(.pulse("nowhere"), address) == .noServer)
            #expect(await error(.alsa("nowhere"), address) == .unknownDevice("nowhere"))
        }
    }

    @Test func `the list tells a microphone from what only repeats, and listens to neither`() async throws {
        try await PrivatePulse.run { pulse in
            let list = await InputList.read(pulseServer: pulse.address)
            let sources = list.devices.filter { $0.backend == .pulse }
            #expect(sources.map(\.name) == ["\(PrivatePulse.sink).monitor"])
            #expect(sources.allSatisfy { $0.isMonitor && $0.isDefault })
            #expect(list.usual?.backend != .pulse)
        }
        try await PrivatePulse.withoutServer { address in
            let list = await InputList.read(pulseServer: address)
            #expect(list.devices.allSatisfy { $0.backend == .alsa })
        }
    }

    @Test func `ALSA's null device hears silence when it is named`() async throws {
        let microphone = Microphone(.alsa("null"))
        microphone.start()
        defer { microphone.stop() }
        // It gives more than there is time for.
        while let piece = try await microphone.next() {
            guard case .samples(let samples) = piece else { continue }
            #expect(samples.allSatisfy { $0 == 0 })
            break
        }
    }

    @Test func `the loss of a microphone is told, and how much was missed`() async throws {
        try await PrivatePulse.run { pulse in
            let microphone = Microphone(.pulse("\(PrivatePulse.sink).monitor"), pulseServer: pulse.address)
            microphone.start()
            defer { microphone.stop() }
            _ = try await samples(microphone)
            let clock = ContinuousClock()
            let before = clock.now
            try pulse.control("unload-module", "module-null-sink")
            while try await microphone.next() != .lost {}
            try pulse.control("load-module", "module-null-sink", "sink_name=\(PrivatePulse.sink)")
            guard case .missing(let length)? = try await microphone.next() else {
                Issue.record("nothing was missed")
                return
            }
            #expect(length > .zero && length < clock.now - before)
            _ = try await samples(microphone)
        }
    }

    @Test func `what was lost because nobody took it in time is told in its place`() async throws {
        let microphone = Microphone { () throws(DeviceError) -> any CaptureStream in
            Tape([
                CapturedAudio(samples: [1, 2]), CapturedAudio(missing: .milliseconds(700)),
                CapturedAudio(samples: [3]),
            ])
        }
        microphone.start()
        defer { microphone.stop() }
        #expect(try await samples(microphone) == [1, 2])
        #expect(try await microphone.next() == .missing(.milliseconds(700)))
        #expect(try await samples(microphone) == [3])
    }

    @Test func `what nobody asked for in 30 s is told as missing`() async throws {
        let second = [Int16](repeating: 7, count: Microphone.sampleRate)
        let isRead = Monitor(false)
        let microphone = Microphone { () throws(DeviceError) -> any CaptureStream in
            Tape(Array(repeating: CapturedAudio(samples: second), count: 50)) { isRead.update { $0 = true } }
        }
        microphone.start()
        defer { microphone.stop() }
        _ = await isRead.wait { $0 ? true : nil }
        #expect(try await microphone.next() == .missing(.seconds(20)))
        #expect(try await samples(microphone).count == 30 * second.count)
    }

    @Test func `a name says what is meant`() {
        #expect(MicrophoneChoice(name: "mic") == .automatic)
        #expect(MicrophoneChoice(name: "pulse:a:b") == .pulse("a:b"))
        #expect(MicrophoneChoice(name: "alsa:plughw:1,0") == .alsa("plughw:1,0"))
        #expect(MicrophoneChoice(name: "note.wav") == nil)
    }

    /// The next samples, where nothing else comes.
    private func samples(_ microphone: Microphone) async throws -> [Int16] {
        guard case .samples(let samples)? = try await microphone.next() else {
            Issue.record("there are no samples")
            return []
        }
        return samples
    }

    private func error(_ choice: MicrophoneChoice, _ server: String) async -> DeviceError? {
        let microphone = Microphone(choice, pulseServer: server)
        microphone.start()
        defer { microphone.stop() }
        do throws(DeviceError) {
            _ = try await microphone.next()
            return nil
        } catch {
            return error
        }
    }
}
