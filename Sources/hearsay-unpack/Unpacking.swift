private import CArchive
private import Glibc

/// Why an archive was not unpacked.
package enum UnpackProblem: Error, Hashable, CustomStringConvertible {
    /// In libarchive's words.
    case unreadable(String)
    case badName(String)
    /// Neither a file nor a folder.
    case badKind(String)
    case tooLarge(byteLimit: Int)
    case tooManyEntries
    case empty
    case system(String, number: Int32)

    package var description: String {
        switch self {
        case .unreadable(let reason): "the archive cannot be read: \(reason)"
        case .badName(let name): "the archive holds \(name), which would lie outside of its folder"
        case .badKind(let name): "the archive holds \(name), which is neither a file nor a folder"
        case .tooLarge(let limit): "the archive unpacks to more than \(limit) bytes"
        case .tooManyEntries: "the archive has too many entries"
        case .empty: "the archive is empty"
        case .system(let name, let number):
            "\(name) cannot be written: \(unsafe String(cString: strerror(number)).lowercased())"
        }
    }
}

/// Unpacks an archive into an empty folder; what could lead out of it, links above all, makes the whole archive refused.
@safe package struct Unpacking: ~Copyable {
    private let archive: OpaquePointer
    private let folder: String
    private let byteLimit: Int
    private var byteCount = 0
    private var entryCount = 0

    /// espeak-ng's data, the largest part of many models by count, has some 400 files.
    private static let entryLimit = 10_000
    private static let pieceByteCount = 1 << 16

    /// - Parameters:
    ///   - folder: Exists and is empty.
    ///   - byteLimit: For all files together.
    package static func unpack(_ path: String, into folder: String, byteLimit: Int) throws(UnpackProblem) {
        guard let archive = unsafe archive_read_new() else { throw .unreadable("no memory") }
        var unpacking = unsafe Unpacking(archive: archive, folder: folder, byteLimit: byteLimit)
        try unpacking.open(path)
        while let entry = unsafe try unpacking.nextEntry() { unsafe try unpacking.take(entry) }
        if unpacking.entryCount == 0 { throw .empty }
    }

    private init(archive: OpaquePointer, folder: String, byteLimit: Int) {
        unsafe self.archive = archive
        self.folder = folder
        self.byteLimit = byteLimit
    }

    deinit { unsafe archive_read_free(archive) }

    private func open(_ path: String) throws(UnpackProblem) {
        unsafe archive_read_support_filter_all(archive)
        unsafe archive_read_support_format_tar(archive)
        unsafe archive_read_support_format_zip(archive)
        guard unsafe archive_read_open_filename(archive, path, Self.pieceByteCount) == ARCHIVE_OK else { throw problem }
    }

    private func nextEntry() throws(UnpackProblem) -> OpaquePointer? {
        var entry: OpaquePointer?
        let status = unsafe archive_read_next_header(archive, &entry)
        if status == ARCHIVE_EOF { return nil }
        guard status == ARCHIVE_OK, let entry = unsafe entry else { throw problem }
        return unsafe entry
    }

    private mutating func take(_ entry: OpaquePointer) throws(UnpackProblem) {
        entryCount += 1
        if entryCount > Self.entryLimit { throw .tooManyEntries }
        let bytes = unsafe archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
        let name = unsafe bytes.map { unsafe String(cString: $0) } ?? ""
        guard let path = ArchivePath(name) else { throw .badName(name) }
        if unsafe hearsay_is_folder(entry) != 0 {
            _ = try makeFolders(path.parts[...])
        } else if unsafe hearsay_is_file(entry) != 0, let last = path.parts.last {
            let parent = try makeFolders(path.parts.dropLast())
            try write("\(parent)/\(last)")
        } else {
            throw .badKind(name)
        }
    }

    /// - Returns: The path of the innermost.
    private func makeFolders(_ names: ArraySlice<String>) throws(UnpackProblem) -> String {
        var path = folder
        for name in names {
            path += "/" + name
            if unsafe mkdir(path, 0o755) != 0, errno != EEXIST { throw .system(path, number: errno) }
        }
        return path
    }

    private mutating func write(_ path: String) throws(UnpackProblem) {
        // A second entry of the same name is refused, so that nothing is ever written through something that lies there.
        let file = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .system(path, number: errno) }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: Self.pieceByteCount)
        while true {
            let count = unsafe archive_read_data(archive, &buffer, buffer.count)
            if count == 0 { return }
            guard count > 0 else { throw problem }
            byteCount += count
            if byteCount > byteLimit { throw .tooLarge(byteLimit: byteLimit) }
            guard unsafe Glibc.write(file, buffer, count) == count else { throw .system(path, number: errno) }
        }
    }

    private var problem: UnpackProblem {
        .unreadable(unsafe archive_error_string(archive).map { unsafe String(cString: $0) } ?? "it is damaged")
    }
}
