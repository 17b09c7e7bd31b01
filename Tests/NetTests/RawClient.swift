import CSystem
import Flow
import Glibc

/// A blocking socket that sends exactly what a test says, well-formed or not, on a thread of its own.
actor RawClient {
    private let thread = DedicatedThread(label: "test.raw")
    private let socket: Int32

    /// For a TLS session above it.
    nonisolated var descriptor: Int32 { socket }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    struct Failure: Error {
        let code: Int32
    }

    /// Takes over a socket that is connected already.
    init(socket: Int32) { self.socket = socket }

    /// Connects to a server on this machine.
    init(port: Int) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Failure(code: errno) }
        // Nothing here takes as long; a test that would wait for ever fails instead.
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let number = socket
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(code: errno) }
    }

    deinit { close(socket) }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Sends everything; a server that closed meanwhile is no failure here.
    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = send(once: rest)
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Sends what the kernel takes in one call.
    ///
    /// - Returns: How many bytes that was; none once the server has closed.
    func send(once bytes: ArraySlice<UInt8>) -> Int {
        unsafe bytes.withUnsafeBytes { raw in
            unsafe Glibc.send(socket, raw.baseAddress, raw.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// Tells the server that no more comes.
    func endSending() { shutdown(socket, Int32(SHUT_WR)) }

    /// What comes next; empty at the end.
    func receive(atMost limit: Int = 65536) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = unsafe recv(socket, &buffer, limit, 0)
        return count > 0 ? Array(buffer[..<count]) : []
    }

    /// Every byte until the server closes.
    func receiveBytes() -> [UInt8] {
        var all: [UInt8] = []
        while case let piece = receive(), !piece.isEmpty { all += piece }
        return all
    }

    /// Everything until the server closes.
    func receiveAll() -> String { String(decoding: receiveBytes(), as: UTF8.self) }

    /// Everything until what came ends in `end`, or the server closes.
    func receive(until end: String) -> String {
        var all: [UInt8] = []
        while !all.suffix(end.utf8.count).elementsEqual(end.utf8) {
            let piece = receive(atMost: 1)
            if piece.isEmpty { break }
            all += piece
        }
        return String(decoding: all, as: UTF8.self)
    }
}
