import CSystem
import Glibc

/// What the system tells of a file without opening it.
struct FileStatus: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case file, folder, other
    }

    var kind: Kind
    /// The nine permission bits.
    var permissions: UInt32
    var owner: UInt32
    var byteCount: Int
    /// When its content last changed, in seconds since 1970.
    var changedAt: Int

    /// Whether anybody but the owner may do anything with it.
    var isOpenToOthers: Bool { permissions & 0o077 != 0 }

    /// As `ls` and `chmod` write it, such as `0600`.
    var mode: String {
        let digits = String(permissions, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    init(kind: Kind, permissions: UInt32, owner: UInt32 = 0, byteCount: Int = 0, changedAt: Int = 0) {
        self.kind = kind
        self.permissions = permissions
        self.owner = owner
        self.byteCount = byteCount
        self.changedAt = changedAt
    }

    /// - Returns: nil if there is nothing, or this user may not look; a link is followed.
    init?(_ path: String) {
        var found = stat()
        guard unsafe stat(path, &found) == 0 else { return nil }
        let kind: Kind =
            switch found.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            default: .other
            }
        self.init(
            kind: kind, permissions: found.st_mode & 0o777, owner: found.st_uid, byteCount: Int(found.st_size),
            changedAt: FileStamp(path)?.seconds ?? 0)
    }

    /// The names in a folder, sorted; empty if it cannot be read.
    static func names(in path: String) -> [String] {
        guard let folder = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Where a symbolic link points; nil if it is none, or this user may not look.
    static func target(ofLink path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 4_096)
        let count = unsafe readlink(path, &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
