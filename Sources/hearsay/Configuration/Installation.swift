import Glibc

/// Where the programs of Hearsay lie.
enum Installation {
    /// The engine workers lie beside `hearsay` (bin/ of a build), or where `make install` puts them.
    static func path(ofWorker name: String, executable: String? = ownPath) -> String? {
        guard let executable, let slash = executable.lastIndex(of: "/") else { return nil }
        let folder = executable[..<slash]
        let candidates = ["\(folder)/\(name)", "\(folder)/../libexec/hearsay/\(name)"]
        return candidates.first { unsafe access($0, X_OK) == 0 }
    }

    /// The path of this executable, links resolved.
    static var ownPath: String? {
        let path = unsafe realpath("/proc/self/exe", nil)
        defer { unsafe free(path) }
        return unsafe path.map { unsafe String(cString: $0) }
    }
}
