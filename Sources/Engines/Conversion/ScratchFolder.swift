internal import Glibc

/// A folder among the temporary files that only this user can read, removed with the files that are written here.
final class ScratchFolder: Sendable {
    private static let names = ["in", "out"]

    private let folder: String

    /// - Returns: Nil if the system makes none.
    init?() {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        let template = unsafe strdup("\(parent)/hearsay-XXXXXX")
        defer { unsafe free(template) }
        guard let template = unsafe template, unsafe mkdtemp(template) != nil else { return nil }
        folder = unsafe String(cString: template)
    }

    deinit {
        for name in Self.names { unsafe unlink(path(name)) }
        unsafe rmdir(folder)
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// - Returns: Whether all of it was written.
    func write(_ bytes: ArraySlice<UInt8>, to name: String) -> Bool {
        let file = unsafe Glibc.open(path(name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return false }
        }
        return true
    }

    /// - Returns: The open file, whose name may vanish.
    func open(_ name: String) -> Int32? {
        let file = unsafe Glibc.open(path(name), O_RDONLY | O_CLOEXEC)
        return file < 0 ? nil : file
    }
}
