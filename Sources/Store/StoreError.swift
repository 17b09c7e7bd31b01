private import CSQLite
private import Glibc

/// Why something could not be kept on disk; the description says what to do.
package enum StoreError: Error, Hashable, Sendable {
    /// Another server holds the data folder; its process number, where it could be read.
    case inUse(path: String, process: Int32?)
    case diskFull(path: String)
    /// The file system is mounted read-only.
    case readOnly(path: String)
    case notPermitted(path: String)
    /// A file stands where the folder should be.
    case notAFolder(path: String)
    case parentMissing(path: String)
    /// A newer Hearsay wrote the database.
    case newerSchema(path: String, found: Int, known: Int)
    case damaged(path: String)
    /// Anything else the system refused; `errno`, or SQLite's code.
    case failed(path: String, code: Int32, reason: String)

    /// The stable word for programs.
    package var code: String {
        switch self {
        case .inUse: "data_folder_in_use"
        case .diskFull: "disk_full"
        case .readOnly: "data_folder_read_only"
        case .notPermitted: "data_folder_not_permitted"
        case .notAFolder: "data_folder_not_a_folder"
        case .parentMissing: "data_folder_missing_parent"
        case .newerSchema: "data_folder_newer"
        case .damaged: "data_folder_damaged"
        case .failed: "data_folder_failed"
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// What happened and what to do, lower case, no full stop.
    package var description: String {
        switch self {
        case .inUse(let path, let process):
            "the data folder \(path) is used by another server\(process.map { " (process \($0))" } ?? "");"
                + " stop that one with `hearsay stop`, or give this one a folder of its own with --data"
        case .diskFull(let path):
            "the disk is full, so \(path) could not be written; make room, or choose another disk with --data"
        case .readOnly(let path):
            "\(path) is on a file system mounted read-only; choose another folder with --data"
        case .notPermitted(let path):
            "you may not write \(path); change its owner, or choose another folder with --data"
        case .notAFolder(let path):
            "\(path) is not a folder; move that file away, or choose another folder with --data"
        case .parentMissing(let path):
            "the folder that should hold \(path) does not exist; make it, or choose another one with --data"
        case .newerSchema(let path, let found, let known):
            "\(path) was written by a newer hearsay (schema \(found), this one knows \(known));"
                + " update hearsay, or choose another folder with --data"
        case .damaged(let path):
            "\(path) is damaged; stop the server, move that file and those beside it that begin with its name away, and put"
                + " a file of `hearsay backup` in its place, or none to start afresh with new tokens and no jobs"
        case .failed(let path, let code, let reason):
            "\(path) could not be used: \(reason) (\(code)); check the disk, or choose another folder with --data"
        }
    }
}

extension StoreError {
    /// What `errno` means for a path.
    static func system(_ number: Int32, path: String) -> StoreError {
        switch number {
        case ENOSPC, EDQUOT: .diskFull(path: path)
        case EROFS: .readOnly(path: path)
        case EACCES, EPERM: .notPermitted(path: path)
        case ENOTDIR, EEXIST: .notAFolder(path: path)
        case ENOENT: .parentMissing(path: path)
        default: .failed(path: path, code: number, reason: unsafe String(cString: strerror(number)))
        }
    }

    /// What a result code of SQLite means for a database file.
    static func sqlite(_ code: Int32, path: String) -> StoreError {
        switch code & 0xFF {
        case SQLITE_FULL: .diskFull(path: path)
        case SQLITE_READONLY: .readOnly(path: path)
        case SQLITE_PERM, SQLITE_AUTH: .notPermitted(path: path)
        case SQLITE_BUSY, SQLITE_LOCKED: .inUse(path: path, process: nil)
        case SQLITE_CORRUPT, SQLITE_NOTADB: .damaged(path: path)
        default: .failed(path: path, code: code, reason: unsafe String(cString: sqlite3_errstr(code)))
        }
    }
}
