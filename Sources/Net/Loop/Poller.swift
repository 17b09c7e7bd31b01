import CSystem
import Glibc

/// What a socket is watched for.
///
/// The end of a connection that is reset is always told.
struct Interest: OptionSet, Hashable {
    let rawValue: UInt32
    static let reading = Interest(rawValue: 1)
    static let writing = Interest(rawValue: 2)
    /// That the other end sends no more, even while nothing is read.
    static let ending = Interest(rawValue: 4)

    fileprivate var events: UInt32 {
        (contains(.reading) ? EPOLLIN.rawValue : 0) | (contains(.writing) ? EPOLLOUT.rawValue : 0)
            | (contains(.ending) ? EPOLLRDHUP.rawValue : 0)
    }
}

/// What can be done with a socket now.
struct Readiness: Hashable {
    let token: UInt64
    let isReadable: Bool
    let isWritable: Bool
    /// The other end sends no more.
    let hasEnded: Bool
    /// The connection is gone in both directions.
    let hasFailed: Bool

    /// Said without the poller.
    static func readable(_ id: MemberID) -> Readiness { Readiness(token: id.token, events: EPOLLIN.rawValue) }

    fileprivate init(token: UInt64, events: UInt32) {
        self.token = token
        isReadable = events & EPOLLIN.rawValue != 0
        isWritable = events & EPOLLOUT.rawValue != 0
        hasEnded = events & EPOLLRDHUP.rawValue != 0
        hasFailed = events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
    }
}

/// epoll, level-triggered.
@safe struct Poller: ~Copyable {
    /// Owned by the loop's thread object.
    private let descriptor: Int32
    private var events = unsafe [epoll_event](repeating: epoll_event(), count: 256)

    /// - Parameter descriptor: From `open`; it must outlive the poller.
    init(descriptor: Int32) { self.descriptor = descriptor }

    static func open() throws(SystemError) -> FileDescriptor {
        try FileDescriptor(owning: epoll_create1(Int32(EPOLL_CLOEXEC)))
    }

    func add(_ number: Int32, token: UInt64, interest: Interest) throws(SystemError) {
        guard control(EPOLL_CTL_ADD, number, token, interest) == 0 else { throw .last }
    }

    func change(_ number: Int32, token: UInt64, interest: Interest) {
        _ = control(EPOLL_CTL_MOD, number, token, interest)
    }

    func remove(_ number: Int32) {
        _ = control(EPOLL_CTL_DEL, number, 0, [])
    }

    /// Waits until something is ready.
    ///
    /// - Parameter limit: How long at most, rounded up to milliseconds; nil for ever.
    mutating func wait(_ limit: Duration?) -> [Readiness] {
        let count = unsafe epoll_wait(descriptor, &events, Int32(events.count), Self.milliseconds(limit))
        guard count > 0 else { return [] }
        return unsafe events[..<Int(count)].map { event in
            unsafe Readiness(token: event.data.u64, events: event.events)
        }
    }

    private func control(_ operation: Int32, _ number: Int32, _ token: UInt64, _ interest: Interest) -> Int32 {
        var event = unsafe epoll_event(events: interest.events, data: epoll_data_t(u64: token))
        return unsafe epoll_ctl(descriptor, operation, number, &event)
    }

    private static func milliseconds(_ limit: Duration?) -> Int32 {
        guard let limit else { return -1 }
        let (seconds, attoseconds) = limit.components
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        let rounded = seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(max(0, rounded))
    }
}
