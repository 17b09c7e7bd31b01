import Engines
import Flow
import Glibc
import Testing
import VoiceCore

@Suite struct PocketsphinxTests {
    @Test func `real speech becomes text while it comes, with the times of its words`() async throws {
        try await HearingRig.run { rig in
            let partials = PartialRecording()
            let audio = UtteranceAudio()
            let samples = TestSpeech.goForward
            async let reading = rig.engine.transcribe(
                audio, as: TranscriptionRequest(reading: .live(partials: true), language: "en-GB"),
                emit: { partials.take($0) })
            // Half of it, then the rest once something of that half is understood.
            #expect(audio.append(Array(samples[..<24_000])))
            #expect(await partials.waitForText())
            #expect(audio.append(Array(samples[24_000...])))
            audio.finish()
            let transcript = try #require(try await reading)
            #expect(transcript.text == "go forward ten meters")
            #expect(transcript.language == "en-US")
            #expect(transcript.words.map(\.text) == ["go", "forward", "ten", "meters"])
            #expect(zip(transcript.words, transcript.words.dropFirst()).allSatisfy { $0.end <= $1.start })
            #expect(transcript.words.allSatisfy { $0.start < $0.end && $0.end <= audio.duration })
            let confidence = try #require(transcript.confidence)
            #expect(confidence > 0 && confidence <= 1)
            #expect(transcript.adaptation?.engine == "pocketsphinx")
            #expect(partials.all.allSatisfy { $0.confirmed.isEmpty })
        }
    }

    @Test func `a muffled voice is understood from its first words on`() async throws {
        try await HearingRig.run { rig in
            let samples = TestSpeech.goForward
            let muffled = samples.indices.dropLast(5).map { index in
                Int16(samples[index..<index + 6].reduce(0) { $0 + Int($1) } / 6)
            }
            let heard = try await rig.read(muffled, as: .live(partials: false))
            #expect(heard?.text == "go forward ten meters")
        }
    }

    @Test func `an utterance is heard to its end though its worker is killed in the middle`() async throws {
        try await HearingRig.run { rig in
            let samples = TestSpeech.goForward
            let partials = PartialRecording()
            let audio = UtteranceAudio()
            async let reading = rig.engine.transcribe(
                audio, as: TranscriptionRequest(reading: .live(partials: true)), emit: { partials.take($0) })
            #expect(audio.append(Array(samples[..<24_000])))
            #expect(await partials.waitForText())
            for id in rig.processes { kill(id, SIGKILL) }
            #expect(audio.append(Array(samples[24_000...])))
            audio.finish()
            let transcript = try await reading
            #expect(transcript?.text == "go forward ten meters")
        }
    }

    @Test func `the same audio is read once more, and as one of the orders of a grammar`() async throws {
        try await HearingRig.run { rig in
            let samples = TestSpeech.goForward
            _ = try await rig.read(samples, as: .live(partials: false))
            #expect(rig.engine.readings == [.partials, .second, .orders])
            let second = try await rig.read(samples, as: .second)
            #expect(second?.text == "go forward ten meters")
            let cards = OrderGrammar(text: Self.grammar("<rank> of <suit>"))
            let turtle = OrderGrammar(text: Self.grammar("go (forward | backward) <rank> meters"))
            let move = try await rig.read(samples, as: .orders(turtle))
            #expect(move?.text == "go forward ten meters")
            #expect(move?.words.map(\.text) == ["go", "forward", "ten", "meters"])
            #expect(try #require(move?.confidence) >= 0.75)
            let card = try await rig.read(TestSpeech.tenOfClubs, as: .orders(cards))
            #expect(card?.text == "ten of clubs")
            #expect(try #require(card?.confidence) >= 0.75)
        }
    }

    @Test func `an order that was not said is not borne out, whatever the grammar makes of it`() async throws {
        try await HearingRig.run { rig in
            let small = OrderGrammar(text: Self.grammar("(turn (on | off) the light | set a timer | stop the music)"))
            for samples in [TestSpeech.goForward, TestSpeech.tenOfClubs] {
                let heard = try #require(try await rig.read(samples, as: .orders(small)))
                #expect((heard.confidence ?? 0) < 0.75)
            }
            let silence = try await rig.read([Int16](repeating: 3, count: 16_000), as: .orders(small))
            #expect((silence?.confidence ?? 0) < 0.75)
        }
    }

    @Test func `an order with a word that the dictionary lacks does not keep the others from being heard`() async throws
    {
        try await HearingRig.run { rig in
            let mixed = OrderGrammar(text: Self.grammar("( xyzzyplugh now | go forward <rank> meters | [qwrtz] stop )"))
            let move = try await rig.read(TestSpeech.goForward, as: .orders(mixed))
            #expect(move?.text == "go forward ten meters")
        }
    }

    @Test func `what cannot be read is refused and the next utterance is heard`() async throws {
        try await HearingRig.run { rig in
            let samples = TestSpeech.tenOfClubs
            for text in ["no grammar", Self.grammar("( a")] {
                await #expect {
                    _ = try await rig.read(samples, as: .orders(OrderGrammar(text: text)))
                } throws: { error in
                    guard case .failed("pocketsphinx", _) = error as? TranscriptionError else { return false }
                    return true
                }
            }
            await #expect(throws: TranscriptionError.unsupported(engine: "pocketsphinx")) {
                _ = try await rig.read(samples, as: .live(partials: false), language: "de")
            }
            let heard = try await rig.read(samples, as: .live(partials: false))
            #expect(heard?.words.isEmpty == false)
            let nothing = try await rig.read([], as: .second)
            #expect(nothing?.text == "")
        }
    }

    private static func grammar(_ rule: String) -> String {
        """
        #JSGF V1.0;
        grammar test;
        public <order> = \(rule);
        <rank> = seven | eight | nine | ten | queen;
        <suit> = clubs | hearts | spades;

        """
    }
}

/// Keeps what is told while an utterance is heard.
final class PartialRecording: Sendable {
    private let partials = Monitor<[PartialTranscript]>([])

    var all: [PartialTranscript] { partials.withLock { $0 } }

    func take(_ partial: PartialTranscript) {
        partials.update { $0.append(partial) }
    }

    /// Returns once something is understood; false when the task was cancelled first.
    func waitForText() async -> Bool {
        await partials.wait { $0.contains { !$0.confirmed.isEmpty || !$0.tentative.isEmpty } ? true : nil } ?? false
    }
}
