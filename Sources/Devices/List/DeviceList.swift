package import Flow

/// The output devices of this machine, as they were when it was read.
package struct DeviceList: Hashable, Sendable {
    /// The name and version of the sound server that answers; nil for none.
    package var server: String?
    /// Sinks of the sound server first, then ALSA's.
    package var devices: [OutputDevice]

    package init(server: String? = nil, devices: [OutputDevice] = []) {
        self.server = server
        self.devices = devices
    }

    /// Asks the sound server and ALSA; starts no sound server.
    ///
    /// - Parameters:
    ///   - pulseServer: The address of the sound server; nil for the user's own.
    ///   - limit: How long a backend may take to answer; what takes longer is left out.
    package static func read(
        pulseServer: String? = nil, within limit: Duration = .seconds(1), timeline: Timeline = .live()
    ) async -> DeviceList {
        let parts = Monitor((pulse: DeviceList?.none, alsa: [OutputDevice]?.none))
        DedicatedThread.detach(label: "devices.pulse") {
            let list = PulseConnection.listSinks(server: pulseServer, within: limit)
            parts.update { $0.pulse = list }
        }
        DedicatedThread.detach(label: "devices.alsa") {
            let devices = ALSADevices.list()
            parts.update { $0.alsa = devices }
        }
        _ = await timeline.limit(limit + .milliseconds(100)) {
            await parts.wait { $0.pulse != nil && $0.alsa != nil ? true : nil }
        }
        return parts.withLock { parts in
            DeviceList(server: parts.pulse?.server, devices: (parts.pulse?.devices ?? []) + (parts.alsa ?? []))
        }
    }

    /// The device that is meant, if it can be heard.
    ///
    /// A named device may be a null device; an ALSA name is taken as it is, since ALSA does not list every name it opens.
    package func device(for choice: SpeakerChoice) throws(DeviceError) -> OutputDevice {
        switch choice {
        case .automatic: return try defaultDevice()
        case .pulse(let name):
            let sink = devices.first { $0.backend == .pulse && $0.name == name }
            guard let sink else { throw .unknownDevice(name) }
            guard !sink.isMuted else { throw .muted }
            return sink
        case .alsa(let name):
            return devices.first { $0.backend == .alsa && $0.name == name } ?? OutputDevice(backend: .alsa, name: name)
        }
    }

    /// The sound server's default comes before ALSA's.
    private func defaultDevice() throws(DeviceError) -> OutputDevice {
        let heard = devices.filter { $0.isDefault && !$0.isDummy }
        guard let device = heard.first(where: { $0.backend == .pulse }) ?? heard.first else { throw .noDevice }
        guard !device.isMuted else { throw .muted }
        return device
    }
}
