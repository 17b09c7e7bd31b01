private import Glibc

/// A copy of the database with the recordings that it names.
extension Backup {
    /// What a folder of a backup holds.
    package struct Contents: Hashable, Sendable {
        /// Of all files.
        package var byteCount: Int
        /// Recordings that were copied.
        package var recordingCount: Int

        package init(byteCount: Int, recordingCount: Int) {
            self.byteCount = byteCount
            self.recordingCount = recordingCount
        }
    }

    /// The folder of the recordings, below a data folder and a backup.
    private static let recordings = "/recordings"

    /// Makes a folder that its owner alone can read, with the database and its recordings, or none.
    ///
    /// A recording that is taken back meanwhile is left out.
    ///
    /// - Parameters:
    ///   - folder: A data folder; a server may hold it.
    ///   - path: Where nothing may be yet.
    package static func makeFolder(ofFolderAt folder: String, to path: String) throws(BackupError) -> Contents {
        guard unsafe mkdir(path, 0o700) == 0 else {
            throw errno == EEXIST ? .exists(path: path) : .store(.system(errno, path: path))
        }
        let database = path + "/" + Database.fileName
        let byteCount: Int
        do throws(BackupError) {
            byteCount = try make(ofFolderAt: folder, to: database)
        } catch {
            _ = unsafe rmdir(path)
            throw error
        }
        do throws(StoreError) {
            return try copyRecordings(
                namedIn: database, from: folder + recordings, to: path + recordings,
                Contents(byteCount: byteCount, recordingCount: 0))
        } catch {
            throw .store(error)
        }
    }

    private static func copyRecordings(
        namedIn database: String, from source: String, to target: String, _ start: Contents
    ) throws(StoreError) -> Contents {
        var contents = start
        let rows = try SQLiteConnection(path: database).run("SELECT path FROM recordings")
        guard !rows.isEmpty else { return contents }
        try makeFolder(target)
        for row in rows {
            // An older server named the whole path.
            guard case .text(let path)? = row.first, let name = path.split(separator: "/").last else { continue }
            guard let size = try copyFolder(source + "/" + name, to: target + "/" + name) else { continue }
            contents.byteCount += size
            contents.recordingCount += 1
        }
        return contents
    }

    /// - Returns: The size of its files; nil where the folder is gone.
    private static func copyFolder(_ source: String, to target: String) throws(StoreError) -> Int? {
        guard let listing = unsafe opendir(source) else { return nil }
        var names: [String] = []
        while let entry = unsafe readdir(listing) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
                    unsafe String(cString: $0)
                }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        unsafe closedir(listing)
        try makeFolder(target)
        var size = 0
        for name in names { size += try copyFile(source + "/" + name, to: target + "/" + name) }
        return size
    }

    private static func makeFolder(_ path: String) throws(StoreError) {
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .system(errno, path: path) }
    }

    /// - Returns: Its size; 0 for a file that is gone.
    private static func copyFile(_ source: String, to target: String) throws(StoreError) -> Int {
        let input = unsafe open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard input >= 0 else { return 0 }
        defer { close(input) }
        let output = unsafe open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw .system(errno, path: target) }
        defer { close(output) }
        var size = 0
        while true {
            // What one call copies at most is left to the kernel (sendfile(2)).
            let count = sendfile(output, input, nil, 1 << 30)
            guard count >= 0 else { throw .system(errno, path: target) }
            if count == 0 { break }
            size += count
        }
        guard fsync(output) == 0 else { throw .system(errno, path: target) }
        return size
    }
}
