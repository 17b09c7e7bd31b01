import Glibc

/// An open file of the system, closed when its owner lets go of it.
struct FileDescriptor: ~Copyable, Sendable {
    /// For calls; never to be closed.
    let number: Int32

    /// Takes over a number just opened; nil if it tells of a failure.
    init(owning number: Int32) throws(SystemError) {
        guard number >= 0 else { throw .last }
        self.number = number
    }

    deinit { close(number) }
}
