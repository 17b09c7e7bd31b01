import Flow
import Gateway
import Glibc

/// How many files and sockets the process may have open, and how many of them connections may take.
struct DescriptorBudget: Hashable {
    /// What is kept for everything that is no connection: the store, engine workers, the loudspeaker, the loops, and
    /// connections that are refused.
    static let reserve = 128

    /// How many may be open.
    let count: Int

    /// Raises the number to what the system allows.
    static func raised() -> DescriptorBudget {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return DescriptorBudget(count: 1_024)
        }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return DescriptorBudget(count: Int(clamping: limit.rlim_cur))
    }

    /// The limits that can be kept; fewer connections than asked for are worth a warning.
    func applied(to wanted: ServerLimits, _ log: Log) -> ServerLimits {
        let room = max(1, count - Self.reserve)
        guard wanted[.connections] > room else { return wanted }
        var limits = wanted
        limits[.connections] = room
        log.warning(
            "connections.lowered",
            ["wanted": wanted[.connections], "connections": room, "descriptors": count])
        return limits
    }
}
