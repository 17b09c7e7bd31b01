import Devices
import Flow
import Testing

@testable import hearsay

@Suite struct ClockFactsTests {
    private let noon = WallTime(milliseconds: 1_795_000_000_000)

    @Test(arguments: [(true, Finding.State.ok), (false, .note), (nil, .ok)] as [(Bool?, Finding.State)])
    func `a clock without a time server is a note`(isSynchronised: Bool?, expected: Finding.State) {
        #expect(ClockFacts(now: noon, isSynchronised: isSynchronised).findings.map(\.state) == [expected])
    }

    @Test func `a clock before the program was made is wrong`() {
        let facts = ClockFacts(now: noon, built: noon + .seconds(90_000), isSynchronised: true)
        #expect(facts.findings.map(\.state) == [.warning])
    }

    @Test(arguments: [(0, nil), (4, nil), (-6, "6.0 s behind"), (90, "1 min 30 s ahead of")] as [(Int, String?)])
    func `a server's clock may differ by some seconds`(seconds: Int, text: String?) {
        let findings = ClockFacts(now: noon, isSynchronised: true, skew: .seconds(seconds)).findings
        #expect(findings.count == (text == nil ? 1 : 2))
        if let text { #expect(findings[1].text.contains(text)) }
        if seconds == 90 { #expect(findings[1].state == .warning) }
        if seconds == -6 { #expect(findings[1].state == .note) }
    }
}

@Suite struct DiskFactsTests {
    @Test(arguments: [
        (DiskFacts(freeBytes: 75_000_000_000), [Finding.State.ok]),
        (DiskFacts(freeBytes: 100 << 20), [.warning]), (DiskFacts(freeBytes: 1 << 20), [.problem]),
        (DiskFacts(isReadOnly: true, freeBytes: 1 << 40), [.problem]),
        (DiskFacts(freeBytes: 1 << 40, freeFiles: 3), [.problem]),
        (DiskFacts(kind: .memory, freeBytes: 1 << 40), [.ok, .note]),
        (DiskFacts(kind: .container, freeBytes: 1 << 40), [.ok, .note]),
        (DiskFacts(kind: .network("NFS"), freeBytes: 1 << 40), [.ok, .warning]),
    ])
    func `a disk is judged by its room and its kind`(facts: DiskFacts, expected: [Finding.State]) {
        #expect(facts.findings.map(\.state) == expected)
        if expected.contains(.problem) { #expect(facts.findings[0].exitCode == .refused) }
    }

    @Test func `file systems are known by their numbers`() {
        #expect(DiskFacts.kind(0x0102_1994) == .memory)
        #expect(DiskFacts.kind(0x6969) == .network("NFS"))
        #expect(DiskFacts.kind(0x794C_7630) == .container)
        #expect(DiskFacts.kind(0xEF53) == .plain)
    }

    @Test func `a folder that does not exist yet is judged by the disk above it`() {
        #expect(DiskFacts.read("/nonexistent/deep/below").freeBytes > 0)
    }

    @Test(arguments: [(999, "999 bytes"), (1_500, "1.5 kB"), (75_400_000_000, "75 GB"), (2_000_000_000_000, "2.0 TB")])
    func `sizes read easily`(count: Int, text: String) {
        #expect(ByteText.shown(count) == text)
    }
}

@Suite struct LimitFactsTests {
    @Test(arguments: [
        (LimitFacts(hard: 524_288), Finding.State.ok), (LimitFacts(hard: 1_024), .note),
        (LimitFacts(hard: 150), .warning), (LimitFacts(hard: 524_288, server: .init(limit: 1_024, open: 20)), .note),
        (LimitFacts(hard: 524_288, server: .init(limit: 1_024, open: 900)), .warning),
    ])
    func `files are counted against the connections a server may have`(facts: LimitFacts, expected: Finding.State) {
        #expect(facts.findings.map(\.state) == [expected])
    }

    @Test func `the remedy is a command where the system allows it`() {
        let raised = LimitFacts(hard: 524_288, server: .init(limit: 1_024, open: 20)).findings[0].remedies[0]
        #expect(raised.command == "ulimit -n 8320")
        #expect(LimitFacts(hard: 1_024).findings[0].remedies[0].words.contains("LimitNOFILE=8320"))
    }

    @Test func `a process's limits are read`() {
        let text = "Limit        Soft Limit  Hard Limit  Units\nMax open files    1024    524288    files\n"
        #expect(LimitFacts.openFiles(text) == 1_024)
        #expect(LimitFacts.openFiles("Max open files   unlimited unlimited files") == Int.max)
        #expect(LimitFacts.openFiles("") == nil)
    }
}

@Suite struct MachineFactsTests {
    @Test func `load and memory are told when they matter`() {
        #expect(MachineFacts(processors: 2, load: 4, freeMemory: 1 << 30).findings.map(\.state) == [.ok])
        #expect(MachineFacts(processors: 2, load: 9, freeMemory: 1 << 30).findings.map(\.state) == [.ok, .note])
        #expect(MachineFacts(processors: 2, freeMemory: 90 << 20).findings.map(\.state) == [.ok, .warning])
    }

    @Test func `the system's files are read`() {
        #expect(MachineFacts.systemName("NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 13\"\n") == "Debian GNU/Linux 13")
        #expect(MachineFacts.systemName("") == nil)
        #expect(MachineFacts.bytes("MemTotal:", in: "MemTotal:       1024 kB\nMemFree: 1 kB\n") == 1 << 20)
    }

    @Test func `missing build tools are named`() {
        #expect(BuildTools(missing: []).findings.map(\.state) == [.ok])
        #expect(BuildTools(missing: ["swift"]).findings[0].text == "not in PATH: swift")
    }
}

@Suite struct SoundFactsTests {
    private let headset = OutputDevice(
        backend: .pulse, name: "headset", summary: "Headset", isDefault: true, volume: 65)

    private func facts(_ devices: OutputDevice...) -> SoundFacts {
        SoundFacts(list: DeviceList(server: "pulse", devices: devices), user: "eva")
    }

    @Test func `a device that can be heard is named with its volume`() {
        #expect(facts(headset).findings == [.ok("sound", "Headset (pulse:headset, volume 65 %)")])
    }

    @Test func `mute and volume 0 have each their remedy`() {
        var muted = headset
        muted.isMuted = true
        #expect(facts(muted).findings[0].remedies[0].command == "pactl set-sink-mute @DEFAULT_SINK@ 0")
        muted.volume = 0
        #expect(facts(muted).findings[0].remedies[0].command == "pactl set-sink-volume @DEFAULT_SINK@ 60%")
    }

    @Test func `a null sink is heard by nobody`() {
        let null = OutputDevice(backend: .pulse, name: "auto_null", isDefault: true, isDummy: true)
        #expect(facts(null).findings[0].text.contains("nobody hears: pulse:auto_null"))
        var other = headset
        other.isDefault = false
        #expect(facts(null, other).findings[0].remedies[0].command == "hearsay serve --speaker pulse:headset")
    }

    @Test func `no card is a note, a card that nothing plays to a warning`() {
        #expect(facts().findings.map(\.state) == [.note])
        var card = facts()
        card.deviceFiles = ["/dev/snd/pcmC0D0p"]
        #expect(card.findings.map(\.state) == [.warning])
    }

    @Test func `a forbidden card says which group opens it`() {
        var card = facts()
        card.deviceFiles = ["/dev/snd/pcmC0D0p"]
        card.forbiddenFiles = card.deviceFiles
        card.isInAudioGroup = false
        #expect(card.findings[0].remedies[0].command == "sudo usermod -aG audio eva")
        card.isInAudioGroup = true
        #expect(card.findings[0].remedies[0].command == "ls -l /dev/snd")
        card.list = DeviceList(server: "pulse", devices: [headset])
        #expect(card.findings.map(\.state) == [.ok])
    }
}

@Suite struct EngineTrialTests {
    private func trial(_ outcome: EngineTrial.Outcome) -> EngineTrial {
        EngineTrial(engine: "flite", program: "hearsay-flite", outcome: outcome)
    }

    @Test func `an engine that speaks is told with its times`() {
        let outcome = EngineTrial.Outcome.spoke(start: .milliseconds(60), firstSound: .milliseconds(9), version: "2.2")
        let finding = trial(outcome).finding(serverSpeaks: false)
        #expect(finding == .ok("engine", "flite 2.2 is up after 60 ms and speaks 9 ms after it is asked"))
    }

    @Test(arguments: [
        EngineTrial.Outcome.missing, .failed(reason: "it ended with code 2"), .silent(after: .seconds(10)),
    ])
    func `an engine that does not speak is a problem, unless the server's does`(outcome: EngineTrial.Outcome) {
        #expect(trial(outcome).finding(serverSpeaks: false).exitCode == .engineFailed)
        #expect(trial(outcome).finding(serverSpeaks: false).state == .problem)
        #expect(trial(outcome).finding(serverSpeaks: true).state == .warning)
        #expect(!trial(outcome).finding(serverSpeaks: true).remedies.isEmpty)
    }

    @Test func `an engine that others can stand in for is never a problem`() {
        var spare = trial(.missing)
        spare.isSpare = true
        #expect(spare.finding(serverSpeaks: false).state == .note)
        spare.outcome = .failed(reason: "it ended with code 2")
        #expect(spare.finding(serverSpeaks: false).state == .warning)
    }
}
