import Glibc
import Remote

/// Where an export goes: a file, or standard output.
final class DraftFile {
    private let path: String
    private let descriptor: Int32

    /// - Parameter path: Nil or `-` for standard output.
    init(_ path: String?) throws(Failure) {
        self.path = path ?? "-"
        guard let path, path != "-" else {
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit {
        if descriptor != STDOUT_FILENO { close(descriptor) }
    }

    func write(_ bytes: [UInt8]) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 || errno == EINTR else { throw Self.failure(path) }
            rest = rest.dropFirst(max(0, count))
        }
    }

    private static func failure(_ path: String) -> Failure {
        Failure(exitCode: .usage, code: "unwritable_file", message: "\(path): \(SmallFile.Problem.system(errno))")
    }
}
