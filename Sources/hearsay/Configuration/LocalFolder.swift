import CSystem
import Glibc
import Secrets

/// What the command line sees of a data folder without holding it: the tokens, and the server that does hold it.
struct LocalFolder: Hashable, Sendable {
    /// Where a server writes the URL it answers at.
    static let urlFile = "server.url"
    /// Where it writes the SHA-256 of its certificate, if it has one.
    static let fingerprintFile = "server.fingerprint"

    let path: String

    /// The token that may do everything; nil where this user cannot read it.
    var adminToken: String? { firstWord(of: "admin.token") }

    /// The token inside the player link.
    var playerToken: String? { firstWord(of: "player.token") }

    /// Where the server that holds the folder answers; nil when none does.
    var runningServer: String? {
        isHeld ? firstWord(of: Self.urlFile) : nil
    }

    /// The certificate of the server that runs on the folder, as written by it.
    var fingerprint: Fingerprint? { firstWord(of: Self.fingerprintFile).flatMap { Fingerprint($0) } }

    /// What the server that runs shows; nil when it shows none: the file that an earlier one left is older than the lock.
    var shownFingerprint: Fingerprint? {
        guard isHeld, let lock = FileStatus(lockPath), let file = FileStatus(path + "/" + Self.fingerprintFile),
            file.changedAt >= lock.changedAt
        else { return nil }
        return fingerprint
    }

    /// Whether a server runs on the folder.
    var isHeld: Bool {
        let file = unsafe open(lockPath, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    /// The process that holds the folder; nil when none does, or it cannot be read.
    var holder: Int? {
        isHeld ? firstWord(of: "lock").flatMap { Int($0) } : nil
    }

    /// Blocks until no server holds the folder.
    func waitUntilFree() {
        let file = unsafe open(lockPath, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        while flock(file, LOCK_SH) != 0, errno == EINTR {}
        close(file)
    }

    private var lockPath: String { path + "/lock" }

    private func firstWord(of file: String) -> String? {
        guard let text = try? SmallFile.read(path + "/" + file) else { return nil }
        let word = text.prefix { !$0.isWhitespace }
        return word.isEmpty ? nil : String(word)
    }
}
