/// Which output device is asked for.
package enum SpeakerChoice: Hashable, Sendable {
    /// The default device at each playback, unless that is a null or dummy device.
    case automatic
    /// A PulseAudio or PipeWire sink by its name.
    case pulse(String)
    /// An ALSA PCM by its name, such as `plughw:0,0` or `null`.
    case alsa(String)

    /// - Parameter name: What `--speaker` names: `pulse:NAME`, `alsa:NAME`, or the plain name of a sink; nil or empty for
    ///   the default device.
    package init(name: String?) {
        guard let name, !name.isEmpty else {
            self = .automatic
            return
        }
        self =
            if name.hasPrefix("pulse:") {
                .pulse(String(name.dropFirst(6)))
            } else if name.hasPrefix("alsa:") {
                .alsa(String(name.dropFirst(5)))
            } else {
                .pulse(name)
            }
    }
}
