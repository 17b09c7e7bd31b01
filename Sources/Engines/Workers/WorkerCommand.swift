private import Glibc

/// How a worker process is started; the pool adds `--socket PATH`.
package struct WorkerCommand: Hashable, Sendable {
    /// An absolute path.
    package var executable: String
    package var arguments: [String]

    package init(executable: String, arguments: [String] = []) {
        self.executable = executable
        self.arguments = arguments
    }

    /// Everything a worker may see of the server's environment, which may hold secrets.
    private static let inherited = ["PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TZ"]

    func words(socket: String) -> [String] { [executable] + arguments + ["--socket", socket] }

    var environment: [String] {
        Self.inherited.compactMap { name in
            unsafe getenv(name).map { unsafe "\(name)=\(String(cString: $0))" }
        }
    }
}
