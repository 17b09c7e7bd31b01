/// Why a device does not play.
package enum DeviceError: Error, Hashable, Sendable {
    /// No sound server answers; PulseAudio only.
    case noServer
    /// There is no device, or only one that nobody hears.
    case noDevice
    /// There is no device of the name asked for.
    case unknownDevice(String)
    case muted
    /// It does not take this audio; `status` is the library's code.
    case refused(status: Int32)
    /// It took nothing, or answered nothing, for a second.
    case stuck
    /// It went away while it played.
    case lost

    /// The word on the wire.
    package var reason: String {
        switch self {
        case .noServer, .noDevice, .unknownDevice: "no_device"
        case .muted: "muted"
        case .refused: "device_refused"
        case .stuck: "device_stuck"
        case .lost: "device_lost"
        }
    }
}
