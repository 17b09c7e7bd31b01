import Devices

/// The microphone that `hearsay hear` would take, and whether this user may listen to it.
struct MicrophoneFacts: Hashable, Sendable {
    var list = InputList()
    /// The kernel's devices that record, such as `/dev/snd/pcmC0D0c`.
    var deviceFiles: [String] = []
    /// Those that this user may not read.
    var forbiddenFiles: [String] = []

    var findings: [Finding] { [finding] }

    private var finding: Finding {
        guard let device = list.usual else { return absent }
        if device.backend == .alsa { return card(device) }
        guard !device.isMuted else {
            return .warning(
                "microphone", "\(Self.shown(device)) is muted",
                .run("pactl set-source-mute @DEFAULT_SOURCE@ 0", "Let it be heard"),
                .run("pactl set-source-volume @DEFAULT_SOURCE@ 100%", "and turn it up"))
        }
        return .ok("microphone", Self.shown(device))
    }

    /// No sound server has one; a card may.
    private func card(_ device: InputDevice) -> Finding {
        guard !deviceFiles.isEmpty else { return absent }
        guard forbiddenFiles.count < deviceFiles.count else {
            return .warning(
                "microphone", "this user may not listen to \(forbiddenFiles[0])",
                .run("ls -l /dev/snd", "See who may"))
        }
        return .ok("microphone", Self.shown(device))
    }

    private var absent: Finding {
        let others = list.devices.filter { $0.backend == .pulse && !$0.isMonitor }
        if let other = others.first {
            return .warning(
                "microphone", "the default one only repeats what sounds here; there is \(Self.shown(other))",
                .run("hearsay hear --source \(other.sourceName.shellWord)", "Use it"))
        }
        return .note(
            "microphone", "this machine has none",
            .advice("The player page hears with the one of a browser, `hearsay hear --source FILE` a recording."))
    }

    private static func shown(_ device: InputDevice) -> String {
        device.summary.isEmpty ? device.sourceName : "\(device.summary) (\(device.sourceName))"
    }
}

extension MicrophoneFacts {
    static func read() async -> MicrophoneFacts {
        var facts = MicrophoneFacts(list: await InputList.read())
        (facts.deviceFiles, facts.forbiddenFiles) = SoundFacts.files(for: .capture)
        return facts
    }
}
