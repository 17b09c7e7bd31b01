import Glibc

/// Where the programs of Hearsay lie.
enum Installation {
    /// The engine workers lie beside `hearsay` (bin/ of a build), or where `make install` puts them.
    static func path(ofWorker name: String, executable: String? = ownPath) -> String? {
        guard let executable, let slash = executable.lastIndex(of: "/") else { return nil }
        let folder = executable[..<slash]
        let candidates = ["\(folder)/\(name)", "\(folder)/../libexec/hearsay/\(name)"]
        return candidates.first { access($0, X_OK) == 0 }
    }

    /// The path of this executable, links resolved.
    static var ownPath: String? {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe readlink("/proc/self/exe", buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
        }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
