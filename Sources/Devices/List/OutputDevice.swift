/// A device that can play.
package struct OutputDevice: Hashable, Sendable {
    /// Through what it is reached.
    package enum Backend: String, Hashable, Sendable {
        /// PulseAudio, or PipeWire that speaks like it.
        case pulse
        case alsa
    }

    package var backend: Backend
    /// The name within the backend.
    package var name: String
    /// What a person calls it, such as `Built-in Audio Analogue Stereo`.
    package var summary: String
    /// Whether its backend plays there when nothing is named.
    package var isDefault: Bool
    /// Whether nobody can hear it: a null sink, the kernel's dummy card or its loopback.
    package var isDummy: Bool
    /// Whether it is muted, or its volume is 0.
    package var isMuted: Bool
    /// In percent of the volume at which samples keep their values; nil where the backend does not tell.
    package var volume: Int?

    package init(
        backend: Backend, name: String, summary: String = "", isDefault: Bool = false, isDummy: Bool = false,
        isMuted: Bool = false, volume: Int? = nil
    ) {
        self.backend = backend
        self.name = name
        self.summary = summary
        self.isDefault = isDefault
        self.isDummy = isDummy
        self.isMuted = isMuted
        self.volume = volume
    }

    /// The name that `--speaker` takes.
    package var speakerName: String { "\(backend.rawValue):\(name)" }
}
