import CSystem
import Glibc

/// The lock that keeps a second server out of a data folder; its file also tells who holds it, and where that one
/// listens. The system gives it up when the process ends, however it ends.
final class DataFolderLock: Sendable {
    /// Why the lock was not taken.
    enum Problem: Error, Hashable {
        case held(by: Int32?)
        /// The folder or the file cannot be made; the system's `errno`.
        case system(Int32)
    }

    private let file: Int32

    /// Makes the folder, for its owner alone, if there is none.
    init(_ folder: DataFolder) throws(Problem) {
        file = try Self.take(folder)
    }

    deinit { close(file) }

    /// Writes down where this server listens, for `hearsay stop` and for clients on this machine.
    func announce(url: String) {
        let text = "\(getpid())\n\(url)\n"
        _ = ftruncate(file, 0)
        _ = unsafe text.withCString { unsafe pwrite(file, $0, strlen($0), 0) }
    }

    /// Whether a process holds the lock now.
    static func isHeld(_ path: String) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return CSystem.flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    /// Blocks until nobody holds the lock.
    static func waitUntilFree(_ path: String) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        while CSystem.flock(file, LOCK_SH) != 0, errno == EINTR {}
        close(file)
    }

    private static func take(_ folder: DataFolder) throws(Problem) -> Int32 {
        guard makeFolders(folder.path) else { throw .system(errno) }
        let file = open(folder.lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .system(errno) }
        guard CSystem.flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(file)
            throw number == EWOULDBLOCK ? .held(by: folder.runningServer?.process) : .system(number)
        }
        _ = ftruncate(file, 0)
        return file
    }

    /// Makes the folders above as everybody's, the last one as its owner's alone.
    private static func makeFolders(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        var made = path.hasPrefix("/") ? "" : "."
        for (index, part) in parts.enumerated() {
            made += "/" + part
            if mkdir(made, index == parts.count - 1 ? 0o700 : 0o755) != 0, errno != EEXIST { return false }
        }
        return access(path, W_OK | X_OK) == 0
    }
}
