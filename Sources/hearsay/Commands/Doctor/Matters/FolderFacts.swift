import Glibc

/// The data folder: whose it is, who may look into it, and whether a server can write to it.
struct FolderFacts: Hashable, Sendable {
    struct Secret: Hashable, Sendable {
        var name: String
        var status: FileStatus
    }

    /// Why the first start could not make the folder.
    enum Obstacle: Hashable, Sendable {
        case missing(parent: String)
        case file(parent: String)
        case forbidden(parent: String)
    }

    var path: String
    /// nil when there is none.
    var status: FileStatus?
    var isHeld = false
    var canWrite = true
    /// What is in the way of making a missing folder; nil if nothing is.
    var obstacle: Obstacle?
    /// The account that runs this.
    var user: UInt32 = 0
    /// Files that hold tokens or keys.
    var secrets: [Secret] = []

    var findings: [Finding] {
        guard let status else { return [absent] }
        guard status.kind == .folder else {
            return [
                .problem(
                    subject, "\(path) is a file, where a folder should be", .refused,
                    .run("mv \(path.shellWord) \((path + ".old").shellWord)", "Move it away"))
            ]
        }
        guard canWrite else {
            return [
                .problem(
                    subject, "\(path) is not yours to write", .refused,
                    .run("ls -ld \(path.shellWord)", "See whose it is"),
                    .run("hearsay serve --data ~/hearsay", "or use another folder"))
            ]
        }
        return [whole(status), owner(status)].compactMap { $0 } + secrets.compactMap(openSecret)
    }

    private let subject = "data folder"

    private var absent: Finding {
        let elsewhere = Finding.Remedy.run("hearsay serve --data ~/hearsay", "Use another folder")
        switch obstacle {
        case nil: return .note(subject, "\(path) will be made by the first start")
        case .missing(let parent):
            return .problem(
                subject, "\(path) cannot be made: there is no \(parent)", .refused,
                .run("mkdir -p \(parent.shellWord)", "If the path is right, make it"))
        case .file(let parent):
            return .problem(subject, "\(path) cannot be made: \(parent) is a file", .refused, elsewhere)
        case .forbidden(let parent):
            return .problem(subject, "\(path) cannot be made: \(parent) is not yours to write", .refused, elsewhere)
        }
    }

    private func whole(_ status: FileStatus) -> Finding {
        guard !status.isOpenToOthers else {
            return .warning(
                subject, "\(path) is open to others (mode \(status.mode))",
                .run("chmod 700 \(path.shellWord)", "Keep it to yourself"))
        }
        return .ok(subject, path + (isHeld ? ", in use by a server" : ""))
    }

    private func owner(_ status: FileStatus) -> Finding? {
        guard status.owner != user else { return nil }
        return .warning(
            subject, "it belongs to another account (number \(status.owner)); what is made here may be closed to it",
            .advice("Run Hearsay as the account that owns it."))
    }

    private func openSecret(_ secret: Secret) -> Finding? {
        guard secret.status.isOpenToOthers else { return nil }
        return .warning(
            subject, "\(secret.name) can be read by others (mode \(secret.status.mode))",
            .run("chmod 600 \("\(path)/\(secret.name)".shellWord)", "Keep it to yourself"))
    }

    init(path: String, status: FileStatus?) {
        self.path = path
        self.status = status
    }
}

extension FolderFacts {
    private static let secretNames = ["admin.token", "player.token"]

    static func read(_ folder: LocalFolder) -> FolderFacts {
        var facts = FolderFacts(path: folder.path, status: FileStatus(folder.path))
        facts.isHeld = folder.isHeld
        facts.user = geteuid()
        facts.canWrite = unsafe access(folder.path, R_OK | W_OK | X_OK) == 0
        if facts.status == nil { facts.obstacle = obstacle(folder.path) }
        facts.secrets = secretNames.compactMap { name in
            FileStatus(folder.path + "/" + name).map { Secret(name: name, status: $0) }
        }
        return facts
    }

    /// The first start makes the folder and two above it.
    private static func obstacle(_ path: String) -> Obstacle? {
        var parent = path
        for _ in 0..<3 {
            guard let slash = parent.lastIndex(of: "/") else { return nil }
            parent = slash == parent.startIndex ? "/" : String(parent[..<slash])
            guard let status = FileStatus(parent) else { continue }
            if status.kind != .folder { return .file(parent: parent) }
            return unsafe access(parent, W_OK | X_OK) == 0 ? nil : .forbidden(parent: parent)
        }
        return .missing(parent: parent)
    }
}
