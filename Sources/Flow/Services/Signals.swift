private import CSystem
private import Glibc
private import Synchronization

/// Signals of the operating system as something to wait for.
package enum Signals {
    private static let received = Monitor<[Int32]>([])
    private static let pipeWriteEnd = Atomic<Int32>(-1)

    /// Makes SIGTERM and SIGINT readable and ignores SIGPIPE; called once, before the first wait.
    package static func install() {
        _ = signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipeWriteEnd.store(ends[1], ordering: .releasing)
        for number in [SIGTERM, SIGINT] {
            _ = signal(number) { Signals.forward($0) }
        }
        startReader(ends[0])
    }

    /// - Returns: The first signal that was not returned before; nil when the task is cancelled.
    package static func next() async -> Int32? {
        await received.wait { $0.isEmpty ? nil : $0.removeFirst() }
    }

    /// Runs in the signal handler: only `write`, which is safe there.
    private static func forward(_ number: Int32) {
        var byte = UInt8(truncatingIfNeeded: number)
        _ = unsafe Glibc.write(pipeWriteEnd.load(ordering: .acquiring), &byte, 1)
    }

    /// A thread that lives as long as the process, since a blocked read costs nothing.
    private static func startReader(_ readEnd: Int32) {
        DedicatedThread.detach(label: "signals") {
            var byte: UInt8 = 0
            while true {
                let count = unsafe read(readEnd, &byte, 1)
                if count == 1 {
                    let number = Int32(byte)
                    received.update { $0.append(number) }
                } else if count == 0 || errno != EINTR {
                    return
                }
            }
        }
    }
}
