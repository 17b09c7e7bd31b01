package import Flow

/// A device that hears.
package struct InputDevice: Hashable, Sendable {
    package var backend: OutputDevice.Backend
    /// The name within the backend.
    package var name: String
    /// What a person calls it, such as `Built-in Audio Analogue Stereo`.
    package var summary: String
    /// Whether its backend listens there when nothing is named.
    package var isDefault: Bool
    /// Whether it only repeats what sounds here.
    package var isMonitor: Bool
    /// Whether it is muted, or its volume is 0.
    package var isMuted: Bool

    package init(
        backend: OutputDevice.Backend, name: String, summary: String = "", isDefault: Bool = false,
        isMonitor: Bool = false, isMuted: Bool = false
    ) {
        self.backend = backend
        self.name = name
        self.summary = summary
        self.isDefault = isDefault
        self.isMonitor = isMonitor
        self.isMuted = isMuted
    }

    /// The name that `hear --source` takes.
    package var sourceName: String { "\(backend.rawValue):\(name)" }
}

/// The input devices of this machine, as they were when it was read.
package struct InputList: Hashable, Sendable {
    /// Sources of the sound server first; of ALSA the default one, where there is a card.
    package var devices: [InputDevice]

    package init(devices: [InputDevice] = []) { self.devices = devices }

    /// Asks the sound server and ALSA, and listens to nothing.
    ///
    /// - Parameters:
    ///   - pulseServer: The address of the sound server; nil for the user's own.
    ///   - limit: How long it may take to answer; one that takes longer has no devices.
    package static func read(
        pulseServer: String? = nil, within limit: Duration = .seconds(1), timeline: Timeline = .live()
    ) async -> InputList {
        let found = Monitor<[InputDevice]?>(nil)
        DedicatedThread.detach(label: "devices.inputs") {
            let sources = PulseConnection.listSources(server: pulseServer, within: limit)
            let card = InputDevice(backend: .alsa, name: "default", isDefault: true)
            let all = sources + (ALSADevices.hasRealCard ? [card] : [])
            found.update { $0 = all }
        }
        let devices = await timeline.limit(limit + .milliseconds(100)) { await found.wait { $0 } }
        return InputList(devices: devices ?? [])
    }

    /// The one that `MicrophoneChoice.automatic` means.
    package var usual: InputDevice? { devices.first { $0.isDefault && !$0.isMonitor } }
}
