/// Begins an answer whose status is known only after a while.
package struct BodyOpener: Sendable {
    private let thread: LoopThread
    private let member: MemberID
    private let isChunked: Bool
    private let change: @Sendable (HTTPResponse) -> HTTPResponse

    init(
        thread: LoopThread, member: MemberID, isChunked: Bool,
        change: @escaping @Sendable (HTTPResponse) -> HTTPResponse = { $0 }
    ) {
        self.thread = thread
        self.member = member
        self.isChunked = isChunked
        self.change = change
    }

    /// The same, with heads that are changed before they are sent.
    package func changing(_ further: @escaping @Sendable (HTTPResponse) -> HTTPResponse) -> BodyOpener {
        BodyOpener(thread: thread, member: member, isChunked: isChunked) { further(change($0)) }
    }

    /// Sends the head, once; its own body is ignored.
    package func open(_ head: HTTPResponse) -> BodyWriter {
        let writer = BodyWriter(thread: thread, member: member, isChunked: isChunked)
        let head = change(head)
        thread.run { loop in (loop.member(member) as? HTTPConnection)?.open(head, writer) }
        return writer
    }
}
