private import Glibc

/// Wakes a thread that waits in `poll`.
///
/// Wakes are not counted: several before the thread looks are one.
final class Wakeup: Sendable {
    /// Readable after `wake`, until `clear`.
    let readEnd: Int32
    private let writeEnd: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        let status = unsafe pipe(&ends)
        precondition(status == 0, "the system has no file descriptor left")
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func wake() {
        var byte: UInt8 = 1
        _ = unsafe write(writeEnd, &byte, 1)
    }

    func clear() {
        Self.clear(readEnd)
    }

    /// Takes what lies in a read end, for a C callback that knows nothing else.
    static func clear(_ readEnd: Int32) {
        var bytes: [UInt8] = Array(repeating: 0, count: 64)
        while unsafe read(readEnd, &bytes, bytes.count) == bytes.count {}
    }

    /// Waits for a wake and clears it.
    func wait(upTo limit: Duration) {
        var request = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&request, 1, Int32(limit / .milliseconds(1)))
        clear()
    }
}
