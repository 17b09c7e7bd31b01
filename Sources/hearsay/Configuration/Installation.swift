import Glibc

/// Where the programs of Hearsay lie.
enum Installation {
    /// The engine workers lie beside `hearsay` (bin/ of a build), or where `make install` puts them.
    static func path(ofWorker name: String, executable: String? = ownPath) -> String? {
        candidates(name, executable).first { unsafe access($0, X_OK) == 0 }
    }

    /// The network that tells speech, which lies with the library that runs it.
    static var detectorNetwork: String? {
        candidates("sherpa/silero_vad.onnx", ownPath).first { unsafe access($0, R_OK) == 0 }
    }

    private static func candidates(_ name: String, _ executable: String?) -> [String] {
        guard let executable, let slash = executable.lastIndex(of: "/") else { return [] }
        let folder = executable[..<slash]
        return ["\(folder)/\(name)", "\(folder)/../libexec/hearsay/\(name)"]
    }

    /// The path of this executable, links resolved.
    static var ownPath: String? {
        let path = unsafe realpath("/proc/self/exe", nil)
        defer { unsafe free(path) }
        return unsafe path.map { unsafe String(cString: $0) }
    }
}
