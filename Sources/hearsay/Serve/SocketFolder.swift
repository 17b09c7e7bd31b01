import Glibc

/// The folder in which the engines' sockets lie while the server runs.
final class SocketFolder: Sendable {
    /// unix(7): the path of a socket has at most 107 bytes; the engines add a name of up to 32.
    private static let longestPath = 75

    let path: String

    /// Lies in the data folder, or where that has too long a path, among the temporary files.
    ///
    /// - Parameter dataFolder: Held by this server, so whatever lies in the socket folder is left from a dead one.
    init(in dataFolder: String) throws {
        let wanted = dataFolder + "/run"
        path = wanted.utf8.count <= Self.longestPath ? try Self.make(wanted) : try Self.makeTemporary()
        Self.empty(path)
    }

    deinit {
        Self.empty(path)
        unsafe rmdir(path)
    }

    private static func make(_ path: String) throws -> String {
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure(path) }
        return path
    }

    private static func makeTemporary() throws -> String {
        let template = unsafe strdup("/tmp/hearsay-XXXXXX")
        defer { unsafe free(template) }
        guard let template = unsafe template, unsafe mkdtemp(template) != nil else { throw failure("/tmp") }
        return unsafe String(cString: template)
    }

    private static func failure(_ path: String) -> Failure {
        Failure(
            exitCode: .engineFailed, code: "no_socket_folder",
            message:
                "the folder for the engines' sockets cannot be made in \(path): \(SmallFile.Problem.system(errno))",
            advice: ["Look at its permissions and at the room on its disk, or choose another folder with --data."])
    }

    private static func empty(_ path: String) {
        guard let folder = unsafe opendir(path) else { return }
        defer { unsafe closedir(folder) }
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name.hasSuffix(".sock") { unsafe unlink(path + "/" + name) }
        }
    }
}
