/// Finds and opens the device that a choice means at this moment.
struct DeviceFinder: Sendable {
    /// How long a sound server may take to answer.
    static let answerLimit = Duration.seconds(1)

    let choice: SpeakerChoice
    /// The address of the sound server; nil for the user's own.
    let pulseServer: String?

    /// The device as this connection's server and ALSA see it.
    func device(_ connection: PulseConnection) throws(DeviceError) -> OutputDevice {
        do throws(DeviceError) {
            return try connection.sinks(within: Self.answerLimit).device(for: choice)
        } catch {
            guard error == .noDevice else { throw error }
            return try deviceWithoutServer()
        }
    }

    /// The device if no sound server answers, or none that has one.
    func deviceWithoutServer() throws(DeviceError) -> OutputDevice {
        switch choice {
        case .automatic:
            guard ALSADevices.hasRealCard else { throw .noDevice }
            return OutputDevice(backend: .alsa, name: "default", isDefault: true)
        case .pulse(let name): throw .unknownDevice(name)
        case .alsa(let name):
            guard ALSAStream.canOpen(name) else { throw .unknownDevice(name) }
            return OutputDevice(backend: .alsa, name: name)
        }
    }

    /// Opens the device anew.
    func open(sampleRate: Int, wakeup: Wakeup) throws(DeviceError) -> any DeviceStream {
        if case .alsa(let name) = choice {
            return try ALSAStream(OutputDevice(backend: .alsa, name: name), sampleRate: sampleRate, wakeup: wakeup)
        }
        do throws(DeviceError) {
            return try openSink(sampleRate: sampleRate, wakeup: wakeup)
        } catch {
            guard [.noServer, .noDevice, .stuck].contains(error) else { throw error }
            return try ALSAStream(try deviceWithoutServer(), sampleRate: sampleRate, wakeup: wakeup)
        }
    }

    private func openSink(sampleRate: Int, wakeup: Wakeup) throws(DeviceError) -> any DeviceStream {
        let connection = try PulseConnection(server: pulseServer, wakeup: wakeup, within: Self.answerLimit)
        let sink = try connection.sinks(within: Self.answerLimit).device(for: choice)
        return try PulseStream(connection, sink, isNamed: choice != .automatic, sampleRate: sampleRate)
    }
}
