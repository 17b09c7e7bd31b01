/// A socket on a loop, with what waits on either side of it; connections of every protocol are built around one.
final class Link {
    enum Flush: Hashable {
        case drained
        case blocked
        case failed
    }

    let loop: Loop
    let id: MemberID
    let transport: any Transport
    var input = InputBuffer()
    var output = OutQueue()
    /// Since when the socket has taken nothing although something waits.
    private(set) var stalledSince: Duration?
    private var interest: Interest

    /// Takes a socket onto the loop; the member that uses the link must be installed next.
    init(_ transport: any Transport, on loop: Loop, interest: Interest) throws(SystemError) {
        self.loop = loop
        self.transport = transport
        self.interest = interest
        id = try loop.register(transport.descriptor, interest: interest)
    }

    /// Whether the other end can still be heard and is watched.
    func setReading(_ reading: Interest) {
        interest = reading.union(interest.intersection(.writing))
        loop.watch(id, for: interest)
    }

    /// Reads once.
    func read() -> TransferOutcome {
        let outcome = transport.read(into: &loop.buffers.reading)
        if case .transferred(let count) = outcome {
            let buffer = loop.buffers.reading
            input.append(copying: buffer.span.extracting(0..<count))
        }
        return outcome
    }

    /// Queues a message; it goes out at the end of this turn.
    ///
    /// - Returns: How many bytes it has.
    @discardableResult
    func send(_ bytes: [UInt8], tag: UInt32 = 0) -> Int {
        output.append(bytes, tag: tag)
        loop.flushLater(id)
        return bytes.count
    }

    /// Queues a message before everything that has not begun to go out.
    func sendUrgent(_ bytes: [UInt8]) {
        output.appendUrgent(bytes)
        loop.flushLater(id)
    }

    /// Writes what the socket takes.
    func flush() -> Flush {
        while !output.isEmpty {
            let outcome = output.writeNext(gatheringIn: &loop.buffers.writing) { transport.write($0) }
            switch outcome {
            case .transferred: stalledSince = nil
            case .wouldBlock:
                if stalledSince == nil { stalledSince = loop.now }
                setWriting(true)
                return .blocked
            case .ended, .failed: return .failed
            }
        }
        stalledSince = nil
        setWriting(false)
        return .drained
    }

    private func setWriting(_ isWaiting: Bool) {
        if isWaiting { interest.insert(.writing) } else { interest.remove(.writing) }
        loop.watch(id, for: interest)
    }
}
