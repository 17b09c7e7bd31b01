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

    /// Writes bytes instead of an event; blocks while the peer does not read.
    package func send(bytes: [UInt8]) throws(TransportError) {
        try WyomingConnection.write(bytes, to: descriptor)
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
        try WyomingConnection.write(bytes, to: descriptor)
    }
}
