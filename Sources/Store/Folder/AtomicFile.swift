private import Glibc

/// Files that are there whole or not at all.
enum AtomicFile {
    /// Writes beside the file, makes that durable, and puts it in the file's place.
    static func write(_ bytes: [UInt8], to name: String, in folder: String) throws(StoreError) {
        let path = folder + "/" + name
        let draft = path + ".new"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(errno, path: draft) }
        do throws(StoreError) {
            defer { close(descriptor) }
            try writeAll(bytes, to: descriptor, path: path)
            guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else { throw .system(errno, path: path) }
        } catch {
            unsafe unlink(draft)
            throw error
        }
        guard unsafe rename(draft, path) == 0 else { throw .system(errno, path: path) }
        makeDurable(folder)
    }

    /// - Returns: nil if there is no such file, or more than `byteLimit` in it.
    static func read(_ path: String, byteLimit: Int) throws(StoreError) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw .system(errno, path: path) }
            return nil
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = unsafe Glibc.read(descriptor, &piece, piece.count)
            guard count >= 0 else { throw .system(errno, path: path) }
            guard count > 0 else { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= byteLimit else { return nil }
        }
    }

    static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(StoreError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 || errno == EINTR else { throw .system(errno, path: path) }
            rest = rest.dropFirst(max(0, count))
        }
    }

    /// Without this the new name may be lost with the power; a file system that cannot do it is left alone.
    private static func makeDurable(_ folder: String) {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
