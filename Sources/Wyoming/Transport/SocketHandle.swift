private import Glibc
private import Synchronization

/// A connected socket whose blocked calls another thread may end.
///
/// The descriptor is closed once, by its owner; `interrupt` after that does nothing, so it never meets a descriptor that
/// the system has given to somebody else.
package final class SocketHandle: Sendable {
    private let descriptor: Mutex<Int32?>

    init(adopting descriptor: Int32) {
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        close()
    }

    /// Ends the connection for both sides: every call that blocks on it returns.
    package func interrupt() {
        descriptor.withLock { descriptor in
            if let descriptor { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    func close() {
        descriptor.withLock { descriptor in
            if let number = descriptor { _ = Glibc.close(number) }
            descriptor = nil
        }
    }
}
