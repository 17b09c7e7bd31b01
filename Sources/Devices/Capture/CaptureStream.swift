/// What an input device gave at once.
struct CapturedAudio: Hashable, Sendable {
    var samples: [Int16] = []
    /// How much was lost between what it gave before and `samples`.
    var missing = Duration.zero
}

/// An open input device that gives mono audio at one rate; made, used and freed on one thread.
protocol CaptureStream: AnyObject {
    /// Waits for audio.
    ///
    /// - Parameter limit: How long at most; nothing is given then.
    func read(upTo limit: Duration) throws(DeviceError) -> CapturedAudio
}

extension MicrophoneChoice {
    /// How long a sound server may take to answer.
    private static let answerLimit = Duration.seconds(1)

    /// Opens the device that is meant at this moment.
    ///
    /// - Parameter pulseServer: The address of the sound server; nil for the user's own.
    func open(sampleRate: Int, pulseServer: String?) throws(DeviceError) -> any CaptureStream {
        switch self {
        case .alsa(let name): return try ALSACapture(name, sampleRate: sampleRate)
        case .pulse(let name):
            let connection = try PulseConnection(server: pulseServer, within: Self.answerLimit)
            return try PulseCapture(connection, source: name, sampleRate: sampleRate)
        case .automatic:
            do throws(DeviceError) {
                let connection = try PulseConnection(server: pulseServer, within: Self.answerLimit)
                return try PulseCapture(connection, source: nil, sampleRate: sampleRate)
            } catch {
                guard [.noServer, .noDevice, .stuck].contains(error), ALSADevices.hasRealCard else { throw error }
                return try ALSACapture("default", sampleRate: sampleRate)
            }
        }
    }
}
