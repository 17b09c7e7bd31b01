package import CSherpa
private import Glibc

/// Why the library of the neural models cannot be used.
package enum SherpaError: Error, Hashable, CustomStringConvertible {
    /// It was not found, or not all of it; in the words of the system's loader.
    case missing(String)
    /// Its declarations are those of another release.
    case wrongVersion(String)

    package var description: String {
        switch self {
        case .missing(let reason): "the library sherpa-onnx cannot be opened: \(reason)"
        case .wrongVersion(let version):
            "the library sherpa-onnx is release \(version), and only \(SherpaLibrary.version) is understood"
        }
    }
}

/// The library sherpa-onnx, opened while the program runs, so that programs are built and start without it.
///
/// A model that the library does not understand ends the process; so it is used in workers alone.
@safe package struct SherpaLibrary: Sendable {
    /// The release whose declarations are known here.
    package static let version = HEARSAY_SHERPA_VERSION
    /// The library's file; another one that it needs lies beside it.
    package static let fileName = "libsherpa-onnx-c-api.so"

    /// Its functions, for the wrappers of models.
    package let functions: hearsay_sherpa

    /// Opens the library in a folder, or else where the system's loader finds it.
    ///
    /// - Parameter folder: Where the library lies; nil for `sherpa` beside this executable.
    package static func open(in folder: String? = nil) throws(SherpaError) -> SherpaLibrary {
        let path = "\(folder ?? programFolder + "/sherpa")/\(fileName)"
        let isThere = unsafe access(path, R_OK) == 0
        var functions = hearsay_sherpa()
        if let reason = unsafe hearsay_sherpa_open(isThere || folder != nil ? path : fileName, &functions) {
            throw .missing(unsafe String(cString: reason))
        }
        let found = unsafe functions.version().map { unsafe String(cString: $0) } ?? ""
        guard found == version else { throw .wrongVersion(found) }
        return SherpaLibrary(functions: functions)
    }

    private init(functions: hearsay_sherpa) {
        self.functions = functions
    }

    /// Where this executable lies, links resolved.
    package static var programFolder: String {
        let path = unsafe realpath("/proc/self/exe", nil)
        defer { unsafe free(path) }
        let executable = unsafe path.map { unsafe String(cString: $0) } ?? ""
        return String(executable.prefix(upTo: executable.lastIndex(of: "/") ?? executable.startIndex))
    }
}
