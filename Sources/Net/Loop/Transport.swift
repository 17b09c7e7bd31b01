import CSystem
import Glibc

/// What became of a read or a write.
enum TransferOutcome: Hashable {
    /// At least one byte.
    case transferred(Int)
    case wouldBlock
    /// The other end sends no more.
    case ended
    case failed(SystemError)
}

/// The bytes of a connection: a plain socket, or one with encryption in between.
///
/// Confined to a loop, as its connection is. It closes its socket when it is let go of.
protocol Transport: AnyObject {
    /// For the poller only.
    var descriptor: Int32 { get }
    /// Whether the bytes are encrypted on the way.
    var isSecure: Bool { get }
    /// Reads into the front of `buffer`.
    func read(into buffer: inout [UInt8]) -> TransferOutcome
    /// Writes as much as is taken now.
    func write(_ bytes: Span<UInt8>) -> TransferOutcome
    /// Sends what `write` has taken and not sent.
    func push() -> TransferOutcome
    /// Whether `write` has taken something that is not sent.
    var holdsOutput: Bool { get }
    /// Whether something was received of which the poller does not tell again.
    var holdsInput: Bool { get }
    /// Whether reading goes on only when the socket is writable.
    var readsWhenWritable: Bool { get }
    /// Whether writing goes on only when the socket is readable.
    var writesWhenReadable: Bool { get }
    /// Tells the other end that no more will come.
    func endWriting()
    /// Bytes that the kernel holds because the other end has not acknowledged them.
    var unacknowledgedCount: Int { get }
    /// Bounds what the kernel holds; it doubles the number.
    func boundSendBuffer(_ byteCount: Int)
}

// A socket of its own keeps nothing back.
extension Transport {
    func push() -> TransferOutcome { .transferred(0) }
    var holdsOutput: Bool { false }
    var holdsInput: Bool { false }
    var readsWhenWritable: Bool { false }
    var writesWhenReadable: Bool { false }
}

/// A plain TCP socket.
final class PlainTransport: Transport {
    private let socket: FileDescriptor

    /// Takes over a connected, or connecting, non-blocking socket.
    init(_ socket: consuming FileDescriptor) { self.socket = socket }

    var descriptor: Int32 { socket.number }

    var isSecure: Bool { false }

    func read(into buffer: inout [UInt8]) -> TransferOutcome {
        let count = unsafe buffer.withUnsafeMutableBytes { raw in
            unsafe recv(socket.number, raw.baseAddress, raw.count, 0)
        }
        return count == 0 ? .ended : Self.outcome(count)
    }

    func write(_ bytes: Span<UInt8>) -> TransferOutcome {
        let count = unsafe bytes.withUnsafeBytes { raw in
            unsafe send(socket.number, raw.baseAddress, raw.count, Int32(MSG_NOSIGNAL))
        }
        return Self.outcome(count)
    }

    func endWriting() { shutdown(socket.number, Int32(SHUT_WR)) }

    var unacknowledgedCount: Int { SocketOption.unacknowledgedCount(of: socket.number) }

    func boundSendBuffer(_ byteCount: Int) {
        SocketOption.set(SOL_SOCKET, SO_SNDBUF, to: Int32(byteCount), on: socket.number)
    }

    private static func outcome(_ count: Int) -> TransferOutcome {
        guard count < 0 else { return .transferred(count) }
        let code = errno
        return code == EAGAIN || code == EINTR ? .wouldBlock : .failed(SystemError(code: code))
    }
}

/// Options of sockets.
enum SocketOption {
    static func set(_ level: Int32, _ name: Int32, to value: Int32, on socket: Int32) {
        var value = value
        _ = unsafe setsockopt(socket, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    static func get(_ level: Int32, _ name: Int32, of socket: Int32) -> Int32 {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return unsafe getsockopt(socket, level, name, &value, &length) == 0 ? value : errno
    }

    /// Bytes sent that the other end has not acknowledged.
    static func unacknowledgedCount(of socket: Int32) -> Int {
        var count: Int32 = 0
        guard unsafe ioctl(socket, UInt(TIOCOUTQ), &count) == 0 else { return 0 }
        return Int(count)
    }
}
