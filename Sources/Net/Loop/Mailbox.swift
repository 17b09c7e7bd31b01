import CSystem
import Flow
import Glibc

/// What other threads tell a loop.
enum Mail: Sendable {
    /// A piece of a task that runs on the loop.
    case job(UnownedJob)
    case run(@Sendable (Loop) -> Void)
    case send(MemberID, Frame)
    case sendToMany([MemberID], Frame)
}

/// A loop's post: appending costs a lock, and one system call when the loop is asleep.
final class Mailbox: Sendable {
    private struct Contents: Sendable {
        var letters: [Mail] = []
        /// Whether the loop waits, or is about to, and has not been woken.
        var isAsleep = false
    }

    private let contents = Monitor(Contents())
    private let bell: FileDescriptor

    init() throws(SystemError) {
        bell = try FileDescriptor(owning: eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC)))
    }

    /// Readable when there is post for a loop that sleeps.
    var descriptor: Int32 { bell.number }

    func append(_ mail: Mail) {
        let wakes = contents.withLock { contents in
            contents.letters.append(mail)
            defer { contents.isAsleep = false }
            return contents.isAsleep
        }
        if wakes { eventfd_write(bell.number, 1) }
    }

    /// Takes everything, in exchange for an empty array whose memory is used again.
    func takeAll(into letters: inout [Mail]) {
        letters.removeAll(keepingCapacity: letters.capacity <= Self.keptCapacity)
        contents.withLock { swap(&$0.letters, &letters) }
    }

    /// The loop is about to wait.
    ///
    /// - Returns: False if there is post, so that it must not.
    func fallAsleep() -> Bool {
        contents.withLock { contents in
            contents.isAsleep = contents.letters.isEmpty
            return contents.isAsleep
        }
    }

    /// The loop waits no longer; post needs no bell until it falls asleep again.
    func wakeUp() { contents.withLock { $0.isAsleep = false } }

    /// Makes the bell silent.
    func silence() {
        var value: eventfd_t = 0
        unsafe eventfd_read(bell.number, &value)
    }

    /// Letters whose memory a loop keeps between turns: 64 KiB of them.
    private static let keptCapacity = 1024
}
