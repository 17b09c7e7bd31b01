/// Where a server of this machine keeps its tokens and its store.
struct DataFolder: Hashable, Sendable {
    let path: String

    /// A server that runs on this folder.
    struct RunningServer: Hashable, Sendable {
        var process: Int32
        var url: String
    }

    var lockPath: String { path + "/lock" }
    var storePath: String { path + "/hearsay.db" }
    var adminTokenPath: String { path + "/admin.token" }
    var playerTokenPath: String { path + "/player.token" }

    /// The token that may do everything; nil where this user cannot read it.
    var adminToken: String? { token(adminTokenPath) }

    /// The token inside the player link.
    var playerToken: String? { token(playerTokenPath) }

    /// Who holds the folder's lock; nil when nobody does.
    var runningServer: RunningServer? {
        guard DataFolderLock.isHeld(lockPath), let text = try? SmallFile.read(lockPath) else { return nil }
        let lines = text.split(separator: "\n").map(String.init)
        guard lines.count >= 2, let process = Int32(lines[0]), process > 0 else { return nil }
        return RunningServer(process: process, url: lines[1])
    }

    private func token(_ path: String) -> String? {
        guard let text = try? SmallFile.read(path) else { return nil }
        let token = text.prefix { !$0.isWhitespace }
        return token.isEmpty ? nil : String(token)
    }
}
