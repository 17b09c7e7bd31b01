import Devices
import Glibc

/// The loudspeakers of this machine, and whether this user may use them.
struct SoundFacts: Hashable, Sendable {
    var list = DeviceList()
    /// The kernel's devices that play, such as `/dev/snd/pcmC0D0p`.
    var deviceFiles: [String] = []
    /// Those that this user may not write to.
    var forbiddenFiles: [String] = []
    var isInAudioGroup = true
    var user = ""

    var findings: [Finding] { [access, device].compactMap { $0 } }

    /// The sound server may have the right where the user has none.
    private var access: Finding? {
        guard !deviceFiles.isEmpty, forbiddenFiles.count == deviceFiles.count, !hasRealSink else { return nil }
        guard !isInAudioGroup else {
            return .warning(
                "sound card", "this user may not play to \(forbiddenFiles[0]), although in the group audio",
                .run("ls -l /dev/snd", "See who may"))
        }
        return .warning(
            "sound card", "\(user) may not play to it: not in the group audio",
            .run("sudo usermod -aG audio \(user.shellWord)", "Join it, then log in anew"))
    }

    private var device: Finding {
        do throws(DeviceError) {
            let device = try list.device(for: .automatic)
            let volume = device.volume.map { ", volume \($0) %" } ?? ""
            return .ok(
                "sound", "\(device.summary.isEmpty ? device.name : device.summary) (\(device.speakerName)\(volume))")
        } catch .muted {
            return muted
        } catch {
            return absent
        }
    }

    private var muted: Finding {
        let device = list.devices.first { $0.isDefault && $0.isMuted }
        let isTurnedDown = device?.volume == 0
        return .warning(
            "sound", "the loudspeaker \(isTurnedDown ? "has volume 0" : "is muted")",
            isTurnedDown
                ? .run("pactl set-sink-volume @DEFAULT_SINK@ 60%", "Turn it up")
                : .run("pactl set-sink-mute @DEFAULT_SINK@ 0", "Let it sound"))
    }

    private var absent: Finding {
        let real = list.devices.filter { !$0.isDummy }
        if let other = real.first {
            return .warning(
                "sound", "the default device cannot be heard; there is \(other.speakerName)",
                .run("hearsay serve --speaker \(other.speakerName.shellWord)", "Use it"))
        }
        let dummies = list.devices.filter { $0.isDummy && $0.backend == .pulse }.map(\.speakerName)
        if !dummies.isEmpty {
            return .note(
                "sound", "only devices that nobody hears: \(dummies.joined(separator: ", "))",
                .advice("The player page works without a sound card."))
        }
        guard !deviceFiles.isEmpty else {
            return .note("sound", "this machine has no sound card; the player page works without")
        }
        return .warning(
            "sound", "there is a sound card, but no sound server or ALSA device that plays to it",
            .run("systemctl --user start pipewire-pulse", "Start the sound server"))
    }

    private var hasRealSink: Bool { list.devices.contains { $0.backend == .pulse && !$0.isDummy } }
}

extension SoundFacts {
    static func read() async -> SoundFacts {
        var facts = SoundFacts(list: await DeviceList.read())
        (facts.deviceFiles, facts.forbiddenFiles) = files(for: .playback)
        if let account = unsafe getpwuid(getuid()), let name = unsafe account.pointee.pw_name {
            facts.user = unsafe String(cString: name)
        }
        facts.isInAudioGroup = geteuid() == 0 || isInGroup("audio")
        return facts
    }

    /// What a device of the kernel is for: the last letter of its name, which is pcmC<card>D<device><letter>.
    enum Use: String {
        case playback = "p"
        case capture = "c"
    }

    /// The kernel's devices of one kind, and those of them that this user may not use.
    static func files(for use: Use) -> (all: [String], forbidden: [String]) {
        let folder = "/dev/snd/"
        let names = FileStatus.names(in: folder).filter { $0.hasPrefix("pcm") && $0.hasSuffix(use.rawValue) }
        let files = names.map { folder + $0 }
        return (files, files.filter { unsafe Glibc.access($0, R_OK | W_OK) != 0 })
    }

    private static func isInGroup(_ name: String) -> Bool {
        guard let group = unsafe getgrnam(name) else { return false }
        let wanted = unsafe group.pointee.gr_gid
        // getgroups(2): 65,536 is the most that Linux knows.
        var groups = [gid_t](repeating: 0, count: 65_536)
        let count = unsafe getgroups(Int32(groups.count), &groups)
        return getegid() == wanted || count > 0 && groups[..<Int(count)].contains(wanted)
    }
}
