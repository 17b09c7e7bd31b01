import Glibc

/// A folder among the temporary files that only this user can read, removed with its contents.
final class TemporaryFolder: Sendable {
    let path: String

    /// - Returns: nil if the system makes none.
    init?() {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        let template = unsafe strdup("\(parent)/hearsay-XXXXXX")
        defer { unsafe free(template) }
        guard let template = unsafe template, unsafe mkdtemp(template) != nil else { return nil }
        path = unsafe String(cString: template)
    }

    deinit {
        Self.remove(path)
    }

    /// Links are removed, never followed.
    private static func remove(_ path: String) {
        if unsafe unlink(path) == 0 { return }
        for name in FileStatus.names(in: path) { remove(path + "/" + name) }
        unsafe rmdir(path)
    }
}
