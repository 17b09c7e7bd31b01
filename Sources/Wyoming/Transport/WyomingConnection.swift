private import Glibc

/// A connection on which events are read and written by calls that block.
///
/// It belongs to one thread; only `handle` may be used by others, to end a blocked call.
package struct WyomingConnection: ~Copyable {
    /// Ends blocked calls from another thread.
    package let handle: SocketHandle
    /// The same socket as `handle`, which keeps it open as long as this value lives.
    let descriptor: Int32
    private var decoder = EventDecoder()
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)

    init(adopting descriptor: Int32) {
        handle = SocketHandle(adopting: descriptor)
        self.descriptor = descriptor
    }

    deinit {
        handle.close()
    }

    /// The next event, or nil when the peer has closed the connection between two events.
    ///
    /// - Parameter timeout: How long to wait for the peer's next bytes; nil for ever.
    package mutating func receive(timeout: Duration? = nil) throws(TransportError) -> WyomingEvent? {
        while true {
            do {
                if let raw = try decoder.next() { return try WyomingEvent(raw) }
            } catch {
                throw .event(error)
            }
            guard try waitForBytes(timeout) else { throw .timedOut }
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 {
                if decoder.isWithinEvent { throw .event(.cut) }
                return nil
            }
            if count < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                throw .last("recv")
            }
            decoder.append(buffer[..<count])
        }
    }

    /// Writes the event; blocks while the peer does not read.
    package func send(_ event: WyomingEvent) throws(TransportError) {
        try event.write(to: descriptor)
    }

    /// Whether the peer has closed the connection, so that nobody waits for what is being made.
    package var isPeerGone: Bool {
        var entry = pollfd(fd: descriptor, events: 0, revents: 0)
        return unsafe poll(&entry, 1, 0) > 0 && entry.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
    }

    /// Whether more has come already than was read.
    package var hasMore: Bool {
        if decoder.isWithinEvent { return true }
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, 0) > 0
    }

    /// Another end of the same connection, so that one thread writes while another one reads.
    package func makeWriter() throws(TransportError) -> WyomingWriter {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        if copy < 0 { throw .last("fcntl") }
        return WyomingWriter(adopting: copy)
    }

    private func waitForBytes(_ timeout: Duration?) throws(TransportError) -> Bool {
        let limit = timeout.map { Int32(clamping: Int64(($0 / .milliseconds(1)).rounded(.up))) } ?? -1
        while true {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let count = unsafe poll(&entry, 1, limit)
            if count >= 0 { return count > 0 }
            if errno != EINTR { throw .last("poll") }
        }
    }
}

extension WyomingConnection {
    /// Connects to a server.
    ///
    /// - Parameter timeout: For the connection, and later for a peer that reads nothing of what is sent.
    package static func connect(
        to address: EngineAddress, timeout: Duration = .seconds(10)
    ) throws(TransportError) -> WyomingConnection {
        switch address {
        case .unix(let path): try connectUnix(path, timeout)
        case .tcp(let host, let port): try connectTCP(host, port, timeout)
        }
    }

    private static func connectUnix(_ path: String, _ timeout: Duration) throws(TransportError) -> WyomingConnection {
        let descriptor = try openSocket(AF_UNIX, timeout)
        let connection = WyomingConnection(adopting: descriptor)
        let status = try unsafe UnixAddress.with(path) { unsafe Glibc.connect(descriptor, $0, $1) }
        if status != 0 { throw .last("connect") }
        return connection
    }

    private static func connectTCP(
        _ host: String, _ port: UInt16, _ timeout: Duration
    ) throws(TransportError) -> WyomingConnection {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, String(port), &hints, &list) == 0 else { throw .unknownHost(host) }
        defer { unsafe freeaddrinfo(list) }
        var failure = TransportError.unknownHost(host)
        var entry = unsafe list
        while let candidate = unsafe entry?.pointee {
            let descriptor = try unsafe openSocket(candidate.ai_family, timeout)
            let connection = WyomingConnection(adopting: descriptor)
            if unsafe Glibc.connect(descriptor, candidate.ai_addr, candidate.ai_addrlen) == 0 {
                var one: Int32 = 1
                _ = unsafe setsockopt(
                    descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
                return connection
            }
            failure = .last("connect")
            unsafe entry = candidate.ai_next
        }
        throw failure
    }

    private static func openSocket(_ family: Int32, _ timeout: Duration) throws(TransportError) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, kind, 0)
        if descriptor < 0 { throw .last("socket") }
        // Bounds `connect` and `send`; `receive` has its own limit.
        let (seconds, attoseconds) = timeout.components
        var limit = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return descriptor
    }
}
