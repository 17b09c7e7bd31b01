import CSystem
import Flow
import Glibc

/// What other threads tell a loop.
enum Mail: Sendable {
    /// A job of an actor that runs on the loop.
    case job(UnownedJob)
    case run(@Sendable (Loop) -> Void)
    case send(MemberID, Frame)
    case sendToMany([MemberID], Frame)
}

/// A loop's post: appending costs a lock, and one system call when the loop may be asleep.
final class Mailbox: Sendable {
    private let letters = Monitor<[Mail]>([])
    private let bell: FileDescriptor

    init() throws(SystemError) {
        bell = try FileDescriptor(owning: eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC)))
    }

    /// Readable when there is post.
    var descriptor: Int32 { bell.number }

    func append(_ mail: Mail) {
        let wasEmpty = letters.withLock { letters in
            letters.append(mail)
            return letters.count == 1
        }
        if wasEmpty { eventfd_write(bell.number, 1) }
    }

    /// Takes everything.
    func takeAll() -> [Mail] {
        letters.withLock { letters in
            guard !letters.isEmpty else { return [] }
            defer { letters = [] }
            return letters
        }
    }

    /// Makes the bell silent until the next letter; to be done before `takeAll`.
    func silence() {
        var value: eventfd_t = 0
        unsafe eventfd_read(bell.number, &value)
    }
}
