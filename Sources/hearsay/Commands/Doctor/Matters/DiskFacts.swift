import CSystem
import Glibc

/// The disk under the data folder.
struct DiskFacts: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case plain
        /// In memory, so it is empty after the next start.
        case memory
        /// Over a network, where locks are not to be relied on.
        case network(String)
        /// The writable layer of a container, which goes with it.
        case container
    }

    /// A store of tokens and a day of events stay below this; SQLite's journal may double it for a moment.
    private static let least = 16 << 20
    private static let comfortable = 128 << 20

    var kind = Kind.plain
    var isReadOnly = false
    /// What this user may still write.
    var freeBytes: Int
    /// Files that may still be made; nil where the file system has no such limit.
    var freeFiles: Int?

    var findings: [Finding] { [room, kindFinding].compactMap { $0 } }

    private var room: Finding {
        let free = ByteText.shown(freeBytes)
        if isReadOnly {
            return .problem(
                "disk", "the data folder's disk is mounted read-only", .refused,
                .run("hearsay serve --data ~/hearsay", "Use a folder on another one"))
        }
        if let freeFiles, freeFiles < 16 {
            return .problem(
                "disk", "no more files can be made on the data folder's disk", .refused,
                .run("df -i", "See which disk"))
        }
        if freeBytes < Self.least {
            return .problem(
                "disk", "full: \(free) are free under the data folder", .refused, .run("df -h", "See which disk"))
        }
        if freeBytes < Self.comfortable {
            return .warning("disk", "nearly full: \(free) are free", .run("df -h", "See which disk"))
        }
        return .ok("disk", "\(free) free")
    }

    private var kindFinding: Finding? {
        switch kind {
        case .plain: nil
        case .memory: .note("disk", "the data folder is in memory; tokens are gone after the machine's next start")
        case .container: .note("disk", "the data folder lies in a container's own layer and goes with it")
        case .network(let name):
            .warning(
                "disk", "the data folder is on a network disk (\(name)), where locks cannot be relied on",
                .run("hearsay serve --data ~/hearsay", "Use a folder on a disk of this machine"))
        }
    }

    /// - Parameter path: What does not exist yet will be on the disk of the folder above it.
    static func read(_ path: String) -> DiskFacts {
        var path = path
        var found = statvfs()
        while unsafe statvfs(path, &found) != 0, let slash = path.lastIndex(of: "/"), path != "/" {
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        return DiskFacts(
            kind: kind(unsafe CSystem.hearsay_file_system_kind(path)), isReadOnly: found.f_flag & UInt(ST_RDONLY) != 0,
            freeBytes: Int(clamping: UInt64(found.f_bavail) &* UInt64(found.f_frsize)),
            freeFiles: found.f_files == 0 ? nil : Int(clamping: found.f_favail))
    }

    /// Magic numbers from statfs(2) and linux/magic.h.
    static func kind(_ number: Int) -> Kind {
        switch number {
        case 0x0102_1994, 0x8584_58F6: .memory
        case 0x794C_7630: .container
        case 0x6969: .network("NFS")
        case 0xFF53_4D42, 0xFE53_4D42: .network("SMB")
        case 0x0102_1997: .network("9P")
        case 0x00C3_6400: .network("Ceph")
        default: .plain
        }
    }
}

/// Sizes for people.
enum ByteText {
    /// `512 kB`, `3.4 GB`: decimal units, as disks are sold.
    static func shown(_ count: Int) -> String {
        let units: [(size: Int, name: String)] = [
            (1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"),
        ]
        guard let unit = units.first(where: { count >= $0.size }) else { return "\(count) bytes" }
        let tenths = count / (unit.size / 10)
        return tenths >= 100 ? "\(tenths / 10) \(unit.name)" : "\(tenths / 10).\(tenths % 10) \(unit.name)"
    }
}
