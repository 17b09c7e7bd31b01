private import CSQLite
private import Glibc

/// Why a copy of the database was not made.
package enum BackupError: Error, Hashable, Sendable {
    /// There is no database in the folder.
    case noDatabase(path: String)
    /// A file of that name is there.
    case exists(path: String)
    /// The source could not be read, or the copy not be written.
    case store(StoreError)

    /// The stable word for programs.
    package var code: String {
        switch self {
        case .noDatabase: "no_database"
        case .exists: "file_exists"
        case .store(let error): error.code
        }
    }
}

extension BackupError: CustomStringConvertible {
    /// What happened and what to do, lower case, no full stop.
    package var description: String {
        switch self {
        case .noDatabase(let path): "there is no \(path); name the server's data folder with --data"
        case .exists(let path): "\(path) exists; move it away, or choose another name"
        case .store(let error): error.description
        }
    }
}

/// Copies of the database while others write it.
package enum Backup {
    /// Makes a copy that its owner alone can read, whole and checked, or none.
    ///
    /// - Parameters:
    ///   - folder: A data folder; a server may hold it.
    ///   - path: Where no file may be yet.
    /// - Returns: The size of the copy in bytes.
    package static func make(ofFolderAt folder: String, to path: String) throws(BackupError) -> Int {
        let source = folder + "/" + Database.fileName
        guard unsafe access(source, R_OK) == 0 else { throw .noDatabase(path: source) }
        let file = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw errno == EEXIST ? .exists(path: path) : .store(.system(errno, path: path)) }
        defer { close(file) }
        do throws(StoreError) {
            try copy(source, to: path)
            guard fsync(file) == 0 else { throw .system(errno, path: path) }
        } catch {
            _ = unsafe unlink(path)
            throw .store(error)
        }
        var status = stat()
        return unsafe fstat(file, &status) == 0 ? Int(status.st_size) : 0
    }

    /// SQLite reads one state of the source from the first page to the last, whatever is written meanwhile.
    private static func copy(_ source: String, to path: String) throws(StoreError) {
        try SQLiteConnection(path: source).run("VACUUM INTO ?", [.text(path)])
        let check = try SQLiteConnection(path: path).run("PRAGMA quick_check")
        guard check == [[.text("ok")]] else { throw .damaged(path: source) }
    }
}
