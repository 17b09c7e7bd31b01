private import Glibc

/// A file that is being fetched, with what is needed to go on after a break.
///
/// Whoever holds it is the only one: another program finds it locked.
struct PartialFile: ~Copyable {
    let path: String
    private let file: Int32
    private(set) var byteCount: Int

    /// - Parameter source: What the bytes belong to; those of another source are thrown away.
    static func open(_ path: String, id: String, source: String) throws(ModelError) -> PartialFile {
        let file = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .system(path, number: errno) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw .busy(id)
        }
        var part = PartialFile(path: path, file: file, source: source)
        try part.truncate(to: part.byteCount)
        return part
    }

    private init(path: String, file: Int32, source: String) {
        self.path = path
        self.file = file
        self.source = source
        let mark = Self.mark(path)
        byteCount = mark?.source == source ? Int(lseek(file, 0, SEEK_END)) : 0
        validator = byteCount > 0 ? mark?.validator : nil
    }

    deinit { close(file) }

    private let source: String
    /// What the server calls this version of the file, so that parts of two versions are never joined.
    private(set) var validator: String?

    /// Begins anew with another version of the file.
    mutating func restart(validator: String?) throws(ModelError) {
        try truncate(to: 0)
        self.validator = validator
        let text = "\(source)\n\(validator ?? "")\n"
        guard Self.replace(path + ".from", with: text) else { throw .system(path, number: errno) }
    }

    mutating func append(_ bytes: [UInt8]) throws(ModelError) {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { throw .system(path, number: errno) }
            start += max(0, count)
        }
        byteCount += bytes.count
    }

    /// Its SHA-256 in hexadecimal digits, and whether it begins as web pages do.
    func digest() throws(ModelError) -> (hash: String, isWebPage: Bool) {
        let head = FileDigest.head(of: path)
        guard let hash = FileDigest.sha256(ofFileAt: path) else { throw .system(path, number: errno) }
        let text = String(decoding: head.prefix(512), as: UTF8.self).lowercased()
        let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        return (hash, start.hasPrefix("<!doctype") || start.hasPrefix("<html"))
    }

    private mutating func truncate(to count: Int) throws(ModelError) {
        guard ftruncate(file, off_t(count)) == 0, lseek(file, off_t(count), SEEK_SET) == count else {
            throw .system(path, number: errno)
        }
        byteCount = count
    }

    private static func mark(_ path: String) -> (source: String, validator: String?)? {
        let lines = String(decoding: FileDigest.head(of: path + ".from"), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 2 else { return nil }
        return (String(lines[0]), lines[1].isEmpty ? nil : String(lines[1]))
    }

    private static func replace(_ path: String, with text: String) -> Bool {
        let file = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        let bytes = Array(text.utf8)
        return unsafe write(file, bytes, bytes.count) == bytes.count
    }
}
