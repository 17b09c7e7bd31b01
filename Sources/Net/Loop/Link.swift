import Flow

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
    /// What the member wishes to read.
    private var reading: Interest
    private var isBlocked = false
    private var isReadingReversed = false

    /// Takes a socket onto the loop; the member that uses the link must be installed next.
    ///
    /// - Parameter interest: What is watched for until `setReading`.
    init(_ transport: any Transport, on loop: Loop, interest: Interest) throws(SystemError) {
        self.loop = loop
        self.transport = transport
        reading = interest
        id = try loop.register(transport.descriptor, interest: interest)
        if transport.holdsInput { loop.readAgain(id) }
    }

    /// Whether the other end can still be heard and is watched.
    func setReading(_ reading: Interest) {
        self.reading = reading
        watch()
        if transport.holdsInput { loop.readAgain(id) }
    }

    /// Whether it is worth reading now.
    func mayRead(_ readiness: Readiness) -> Bool {
        readiness.isReadable || readiness.hasEnded || readiness.isWritable && transport.readsWhenWritable
    }

    /// Whether it is worth writing now.
    func mayWrite(_ readiness: Readiness) -> Bool {
        readiness.isWritable || readiness.isReadable && transport.writesWhenReadable
    }

    /// Reads once.
    func read() -> TransferOutcome {
        let outcome = transport.read(into: &loop.buffers.reading)
        if case .transferred(let count) = outcome {
            loop.counters.bytesIn.add(count)
            let buffer = loop.buffers.reading
            input.append(copying: buffer.span.extracting(0..<count))
        }
        if transport.holdsInput { loop.readAgain(id) }
        if transport.readsWhenWritable != isReadingReversed { watch() }
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
        while !output.isEmpty || transport.holdsOutput {
            let outcome =
                transport.holdsOutput
                ? transport.push() : output.writeNext(gatheringIn: &loop.buffers.writing) { transport.write($0) }
            switch outcome {
            case .transferred(let count):
                loop.counters.bytesOut.add(count)
                stalledSince = nil
            case .wouldBlock:
                if stalledSince == nil { stalledSince = loop.now }
                setBlocked(true)
                return .blocked
            case .ended, .failed: return .failed
            }
        }
        stalledSince = nil
        setBlocked(false)
        return .drained
    }

    private func setBlocked(_ isBlocked: Bool) {
        guard isBlocked || self.isBlocked else { return }
        self.isBlocked = isBlocked
        watch()
    }

    /// Encryption may have to write before it can read, and the other way round.
    private func watch() {
        var interest = reading
        isReadingReversed = transport.readsWhenWritable
        if isReadingReversed, reading.contains(.reading) { interest = .writing }
        if isBlocked { interest.insert(transport.writesWhenReadable ? .reading : .writing) }
        loop.watch(id, for: interest)
    }
}
