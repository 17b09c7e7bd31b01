import Flow
import Glibc
import Remote

/// The file that a support bundle becomes.
struct BundleTarget: Hashable, Sendable {
    /// One file in the bundle.
    struct Part: Hashable, Sendable {
        var name: String
        var text: String
    }

    /// A bundle is read by people and sent by mail; what is longer than this is cut.
    private static let partLimit = 256 * 1_024
    /// Archiving a few hundred kilobytes takes some milliseconds.
    private static let deadline = Duration.seconds(20)

    let path: String
    private let isCompressed: Bool

    init(_ path: String) throws(UsageError) {
        isCompressed = path.hasSuffix(".tar.gz") || path.hasSuffix(".tgz")
        guard isCompressed || path.hasSuffix(".tar") else {
            throw .badValue(option: "--bundle", value: path, expected: "a name that ends in .tar.gz or .tar")
        }
        self.path = path
    }

    /// Writes a new file that only this user can read.
    func write(_ parts: [Part]) async throws {
        guard let folder = TemporaryFolder() else { throw failure("no temporary folder can be made") }
        let inner = folder.path + "/hearsay-report"
        guard unsafe mkdir(inner, 0o700) == 0 else { throw failure(Self.lastError) }
        for part in parts { try write(part, in: inner) }
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(errno == EEXIST ? "it exists already" : Self.lastError) }
        defer { close(file) }
        let words = ["tar", "--create", "--owner=0", "--group=0", "--file=-"] + (isCompressed ? ["--gzip"] : [])
        let call = ProgramCall(words: words + ["--directory=\(folder.path)", "hearsay-report"], output: file)
        let status = await call.run(within: Self.deadline)
        guard withExtendedLifetime(folder, { status == 0 }) else {
            unsafe unlink(path)
            throw failure(
                status == nil ? "tar could not be started, or took too long" : "tar ended with code \(status ?? 0)")
        }
    }

    private func write(_ part: Part, in folder: String) throws {
        let file = unsafe open(folder + "/" + part.name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(Self.lastError) }
        defer { close(file) }
        let bytes = Array(part.text.utf8)
        guard FileBytes.write(Array(bytes.prefix(Self.partLimit)), to: file) else { throw failure(Self.lastError) }
    }

    private static var lastError: String { SmallFile.Problem.system(errno).description }

    private func failure(_ reason: String) -> Failure {
        Failure(
            exitCode: .usage, code: "bundle_not_written", message: "\(path) was not written: \(reason)",
            advice: ["Choose another name: hearsay doctor --bundle ~/hearsay-report.tar.gz"])
    }
}
