import Glibc

/// The time of all deadlines here: it never jumps.
enum MonotonicTime {
    static func now() -> Duration {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
