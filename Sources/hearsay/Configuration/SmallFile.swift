import Glibc
import Remote

/// Files of a few lines, and what comes through a pipe, read whole.
enum SmallFile {
    /// Why a file was not read; the number is the system's `errno`.
    enum Problem: Error, Hashable, CustomStringConvertible {
        case absent
        case system(Int32)
        /// Longer than `byteLimit`.
        case tooLong

        var description: String {
            switch self {
            case .absent: "there is no such file"
            case .system(let number): unsafe String(cString: strerror(number)).lowercased()
            case .tooLong: "it is too long"
            }
        }
    }

    static let byteLimit = 1 << 20

    static func read(_ path: String) throws(Problem) -> String {
        String(decoding: try readBytes(path, limit: byteLimit), as: UTF8.self)
    }

    /// A whole file, or with `-` all of standard input.
    static func readBytes(_ path: String, limit: Int) throws(Problem) -> [UInt8] {
        if path == "-" { return try readAll(from: 0, limit: limit) }
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw errno == ENOENT ? .absent : .system(errno) }
        defer { close(file) }
        return try readAll(from: file, limit: limit)
    }

    /// Writes a file that its owner alone can read, whole or not at all.
    ///
    /// Its folder and the one above, such as `~/.config/hearsay`, are made if need be.
    static func write(_ text: String, to path: String) throws(Problem) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for count in [parts.count - 2, parts.count - 1] where count > 1 {
            unsafe mkdir(parts[..<count].joined(separator: "/"), 0o700)
        }
        let draft = path + ".new"
        let file = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .system(errno) }
        let isWritten = FileBytes.write(Array(text.utf8), to: file) && fsync(file) == 0
        close(file)
        guard isWritten, unsafe rename(draft, path) == 0 else {
            let number = errno
            unsafe unlink(draft)
            throw .system(number)
        }
    }

    /// Everything up to the end of an open file, pipe or terminal.
    static func readAll(from file: Int32, limit: Int = byteLimit) throws(Problem) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count > 0 { bytes += buffer[..<count] } else if errno != EINTR { throw .system(errno) }
            guard bytes.count <= limit else { throw .tooLong }
        }
    }
}
