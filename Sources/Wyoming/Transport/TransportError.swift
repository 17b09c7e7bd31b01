private import Glibc

/// Why a connection or a listening socket could not be used.
package enum TransportError: Error, Hashable, Sendable {
    /// A Unix path is longer than the system's address holds.
    case pathTooLong
    case unknownHost(String)
    /// A system call failed; `number` is its `errno`.
    case system(call: String, number: Int32)
    /// Nothing came, or nothing could be sent, in time.
    case timedOut
    /// The peer is gone.
    case closed
    case event(EventError)
}

extension TransportError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .pathTooLong: "the socket's path is longer than \(UnixAddress.pathByteCount) bytes"
        case .unknownHost(let host): "host \(host) is not known"
        case .system(let call, let number): unsafe "\(call): \(String(cString: strerror(number)))"
        case .timedOut: "no answer in time"
        case .closed: "the peer closed the connection"
        case .event(let error): error.description
        }
    }

    /// The failure of the system call that just returned -1.
    static func last(_ call: String) -> TransportError {
        let number = errno
        return switch number {
        case EPIPE, ECONNRESET, EBADF: .closed
        case EAGAIN, ETIMEDOUT: .timedOut
        default: .system(call: call, number: number)
        }
    }
}
