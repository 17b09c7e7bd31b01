import Flow

/// One matter that the doctor looks into.
struct Examination: Sendable {
    /// What it is called while one waits for it.
    let name: String
    /// Whether it looks at the machine on which the server runs, which need not be this one.
    let concernsServerMachine: Bool
    let examine: @Sendable (Circumstances) async -> [Finding]

    /// In the order in which findings are shown: what speech passes through first, then what it rests on.
    static let all: [Examination] = [
        here("server") { $0.server.findings },
        here("engines", ofServerMachine: true) { await EngineTrial.findings($0) },
        here("sound") { _ in await SoundFacts.read().findings },
        here("microphone") { _ in await MicrophoneFacts.read().findings },
        blocking("player") { PlayerFacts.read($0).findings },
        blocking("network", ofServerMachine: true) { NetworkFacts.read($0).findings },
        blocking("port", ofServerMachine: true) { PortFacts.read($0).findings },
        blocking("certificate", ofServerMachine: true) { CertificateFacts.read($0).findings },
        blocking("settings") { SettingsFacts.read($0).findings },
        blocking("configuration", ofServerMachine: true) { ServeFileFacts.read($0)?.findings ?? [] },
        blocking("commands", ofServerMachine: true) { CommandFacts.read($0)?.findings ?? [] },
        blocking("doors", ofServerMachine: true) { DoorFacts.read($0).findings },
        blocking("data folder", ofServerMachine: true) { FolderFacts.read($0.settings.dataFolder).findings },
        blocking("disk", ofServerMachine: true) { DiskFacts.read($0.settings.dataFolder.path).findings },
        blocking("limits", ofServerMachine: true) { LimitFacts.read($0.settings.dataFolder).findings },
        blocking("clock") { ClockFacts.read(skew: $0.server.skew).findings },
        blocking("machine") { _ in MachineFacts.read().findings },
        blocking("build tools") { _ in BuildTools.read()?.findings ?? [] },
    ]

    private static func here(
        _ name: String, ofServerMachine: Bool = false, _ examine: @escaping @Sendable (Circumstances) async -> [Finding]
    ) -> Examination {
        Examination(name: name, concernsServerMachine: ofServerMachine, examine: examine)
    }

    /// An examination by calls that block, and that a dead network disk may block for ever.
    private static func blocking(
        _ name: String, ofServerMachine: Bool = false, _ examine: @escaping @Sendable (Circumstances) -> [Finding]
    ) -> Examination {
        Examination(name: name, concernsServerMachine: ofServerMachine) { circumstances in
            let result = Monitor<[Finding]?>(nil)
            DedicatedThread.detach(label: "doctor") {
                let findings = examine(circumstances)
                result.update { $0 = findings }
            }
            return await Timeline.live().limit(.seconds(5)) { await result.wait { $0 } }
                ?? [.warning(name, "the system gave no answer within 5 s; is a network disk away?")]
        }
    }
}

/// What the examinations start from.
struct Circumstances: Sendable {
    let settings: Settings
    /// What the configuration file holds, mistakes included.
    let configuration: ConfigurationReading
    let server: ServerState
    /// Whether secrets may be shown: a terminal is for the person who sits there, everything else may be passed on.
    let showsSecrets: Bool

    /// Whether the server that is asked belongs to this machine.
    var isLocal: Bool { server.isLocal }
}
