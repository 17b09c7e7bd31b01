package import Devices

/// This machine's microphone as the input of a source.
package final class MicrophoneInput: AudioInput {
    package let sampleRate = Microphone.sampleRate
    package let supply = AudioSupply.live
    private let microphone: Microphone

    /// Begins to listen at once; letting go of it ends that.
    package init(_ choice: MicrophoneChoice) {
        microphone = Microphone(choice)
        microphone.start()
    }

    deinit { microphone.stop() }

    package func next() async throws -> AudioPiece? {
        switch try await microphone.next() {
        case .samples(let samples): .samples(samples)
        case .lost: .lost
        case .missing(let length): .missing(length)
        case nil: nil
        }
    }
}
