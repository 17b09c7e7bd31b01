private import Glibc

/// The folder that holds everything a server keeps; only one server at a time may hold it.
package final class DataFolder: Sendable {
    /// From the root, without links: it stays right wherever the process goes, and is the same however it was spelled.
    package let path: String
    /// Locked until the last reference goes; the system also frees it when the process dies.
    private let lock: Int32

    /// Makes the folder where it is missing (mode 0700) and takes its lock.
    ///
    /// - Parameter path: Parents above the last three parts must exist, so that a mistyped path is not built; the usual
    ///   `.local/share/hearsay` is made whole in a fresh home.
    /// - Throws: `inUse` when another server holds it.
    package init(path: String) throws(StoreError) {
        try Self.makeFolder(path)
        self.path = try Self.resolved(path)
        lock = try Self.takeLock(self.path + "/lock")
    }

    deinit {
        close(lock)
    }

    /// The folder of all recordings.
    package var recordings: String { file("recordings") }

    /// The path of a file in the folder.
    package func file(_ name: String) -> String { path + "/" + name }

    /// Writes a whole file, readable by its owner only: after a crash either the old or the new content is there.
    package func write(_ bytes: [UInt8], to name: String) throws(StoreError) {
        try AtomicFile.write(bytes, to: name, in: path)
    }

    /// - Returns: nil if there is no such file.
    package func read(_ name: String, byteLimit: Int = 1 << 20) throws(StoreError) -> [UInt8]? {
        try AtomicFile.read(file(name), byteLimit: byteLimit)
    }

    private static func resolved(_ path: String) throws(StoreError) -> String {
        guard let resolved = unsafe realpath(path, nil) else { throw .system(errno, path: path) }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    private static func makeFolder(_ path: String) throws(StoreError) {
        try make(path, missingParents: 2)
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno, path: path) }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o700) == 0 else { throw .system(errno, path: path) }
    }

    private static func make(_ path: String, missingParents: Int) throws(StoreError) {
        if unsafe mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, missingParents > 0, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw .system(errno, path: path)
        }
        try make(String(path[..<slash]), missingParents: missingParents - 1)
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .system(errno, path: path) }
    }

    private static func takeLock(_ path: String) throws(StoreError) -> Int32 {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(errno, path: path) }
        do throws(StoreError) {
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                guard errno == EWOULDBLOCK else { throw .system(errno, path: path) }
                throw .inUse(path: folder(of: path), process: process(descriptor))
            }
            _ = ftruncate(descriptor, 0)
            try AtomicFile.writeAll(Array("\(getpid())\n".utf8), to: descriptor, path: path)
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path
    }

    /// The number that the holder wrote into the lock file.
    private static func process(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: bytes[..<count].prefix { $0 != 0x0A }, as: UTF8.self))
    }
}
