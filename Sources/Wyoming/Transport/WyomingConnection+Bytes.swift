private import Glibc

extension WyomingConnection {
    /// The next bytes of a connection on which no events are read any more; none when the peer has closed it.
    package mutating func receiveBytes() throws(TransportError) -> ArraySlice<UInt8> {
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count >= 0 { return buffer[..<count] }
            if errno != EINTR, errno != EAGAIN { throw .last("recv") }
        }
    }

    /// Writes bytes instead of an event; blocks while the peer does not read.
    package func send(bytes: [UInt8]) throws(TransportError) {
        try Self.write(bytes, to: descriptor)
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(TransportError) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .last("send")
            }
            sent += count
        }
    }
}
