/// Which input device is asked for.
package enum MicrophoneChoice: Hashable, Sendable {
    /// The default device, unless that only repeats what sounds here.
    case automatic
    /// A source of PulseAudio or PipeWire by its name; the monitor of a sink is one.
    case pulse(String)
    /// An ALSA PCM by its name, such as `plughw:1,0`.
    case alsa(String)

    /// - Parameter name: `mic` for the default device, `pulse:NAME` or `alsa:NAME`; nil is returned for anything else.
    package init?(name: String) {
        if name == "mic" {
            self = .automatic
        } else if name.hasPrefix("pulse:") {
            self = .pulse(String(name.dropFirst(6)))
        } else if name.hasPrefix("alsa:") {
            self = .alsa(String(name.dropFirst(5)))
        } else {
            return nil
        }
    }
}
