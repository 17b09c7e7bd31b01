import Glibc
import Net

/// How many files and sockets the server may have open.
struct LimitFacts: Hashable, Sendable {
    /// Beside its connections a server needs a few: the store, workers, event loops, the loudspeaker.
    private static let reserve = 128

    /// What a running server makes of its limit.
    struct Use: Hashable, Sendable {
        var limit: Int
        var open: Int
    }

    /// What is allowed at most, after asking for it.
    var hard: Int
    /// nil where no server runs, or this user may not look.
    var server: Use?

    /// The server raises its limit to the hard one where it is lower.
    private var limit: Int { server?.limit ?? hard }

    var findings: [Finding] {
        if let server, server.open * 5 > server.limit * 4 {
            return [.warning("limits", "the server has \(server.open) of \(server.limit) files open", raise)]
        }
        let used = server.map { ", \($0.open) in use by the server" } ?? ""
        let wanted = Limits().connections + Self.reserve
        guard limit < wanted else { return [.ok("limits", "\(limit) open files\(used)")] }
        let room = max(0, limit - Self.reserve)
        let text = "\(limit) open files\(used): room for \(room) connections"
        return [room < 64 ? .warning("limits", text, raise) : .note("limits", text, raise)]
    }

    private var raise: Finding.Remedy {
        let wanted = Limits().connections + Self.reserve
        guard hard < wanted else { return .run("ulimit -n \(wanted)", "Before the server is started") }
        return .advice("Raise it with LimitNOFILE=\(wanted) in the service's unit, or in /etc/security/limits.conf.")
    }

    static func read(_ folder: LocalFolder) -> LimitFacts {
        var found = rlimit()
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &found)
        var facts = LimitFacts(hard: Int(clamping: found.rlim_max))
        if let process = folder.holder, let limits = try? SmallFile.read("/proc/\(process)/limits"),
            let limit = openFiles(limits)
        {
            facts.server = Use(limit: limit, open: FileStatus.names(in: "/proc/\(process)/fd").count)
        }
        return facts
    }

    /// The soft limit of `Max open files` in `/proc/<process>/limits` (proc_pid_limits(5)).
    static func openFiles(_ text: String) -> Int? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Max open files") }) else {
            return nil
        }
        return line.split(separator: " ").dropFirst(3).first.flatMap { $0 == "unlimited" ? Int.max : Int($0) }
    }
}
