private import CSystem
private import Glibc
private import Synchronization

/// Signals of the operating system as something to wait for.
package enum Signals {
    private static let received = Monitor<[Int32]>([])
    /// How often SIGHUP came since it was last asked for.
    private static let reloads = Monitor(0)
    private static let pipeWriteEnd = Atomic<Int32>(-1)

    /// Makes SIGTERM and SIGINT readable and ignores SIGPIPE; called once, before the first wait.
    ///
    /// - Parameter reloads: Whether SIGHUP is readable too, as `nextReload`. Where it means that the terminal is gone,
    ///   it still ends the process, in good order.
    package static func install(reloads: Bool = false) {
        _ = signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipeWriteEnd.store(ends[1], ordering: .releasing)
        for number in [SIGTERM, SIGINT] + (reloads ? [SIGHUP] : []) {
            _ = signal(number) { Signals.forward($0) }
        }
        startReader(ends[0], terminals: (0...2).filter { isatty($0) == 1 })
    }

    /// - Returns: True when SIGHUP came since the last time; nil when the task is cancelled.
    package static func nextReload() async -> Bool? {
        await reloads.wait { count in
            defer { count = 0 }
            return count > 0 ? true : nil
        }
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
    ///
    /// - Parameter terminals: Descriptors that are terminals; one that hung up is none any more (tty_ioctl(4)).
    private static func startReader(_ readEnd: Int32, terminals: [Int32]) {
        DedicatedThread.detach(label: "signals") {
            var byte: UInt8 = 0
            while true {
                let count = unsafe read(readEnd, &byte, 1)
                if count == 1 {
                    let number = Int32(byte)
                    if number == SIGHUP, terminals.allSatisfy({ isatty($0) == 1 }) {
                        reloads.update { $0 += 1 }
                    } else {
                        received.update { $0.append(number) }
                    }
                } else if count == 0 || errno != EINTR {
                    return
                }
            }
        }
    }
}
