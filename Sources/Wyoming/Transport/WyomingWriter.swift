private import Glibc

/// The writing half of a connection; it belongs to one thread.
package struct WyomingWriter: ~Copyable, Sendable {
    private let descriptor: Int32

    init(adopting descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        _ = close(descriptor)
    }

    /// Writes the event; blocks while the peer does not read.
    package func send(_ event: WyomingEvent) throws(TransportError) {
        try event.write(to: descriptor)
    }
}

extension WyomingEvent {
    func write(to descriptor: Int32) throws(TransportError) {
        let bytes: [UInt8]
        do {
            bytes = try raw.encoded()
        } catch {
            throw .event(error)
        }
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
