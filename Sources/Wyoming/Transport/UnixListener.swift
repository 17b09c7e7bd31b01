private import Glibc

/// A listening Unix socket that only its owner's user may connect to.
///
/// The path must be free: a socket that lies there belongs to somebody else and is left alone.
package final class UnixListener: Sendable {
    private let descriptor: Int32
    private let path: String
    /// Which file the socket is, so that `removeFile` never removes another one that took its path.
    private let file: FileIdentity?

    package init(path: String) throws(TransportError) {
        let descriptor = try Self.listen(at: path)
        self.descriptor = descriptor
        self.path = path
        file = FileIdentity(path: path)
    }

    deinit {
        removeFile()
        _ = close(descriptor)
    }

    /// Removes the socket's file if it is still ours; for a process that ends without unwinding.
    package func removeFile() {
        if let file, file == FileIdentity(path: path) { _ = unsafe unlink(path) }
    }

    /// Waits for the next connection and returns its descriptor, which the caller owns.
    func accept() throws(TransportError) -> Int32 {
        while true {
            let connection = Glibc.accept(descriptor, nil, nil)
            if connection >= 0 {
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                return connection
            }
            switch errno {
            case EINTR, ECONNABORTED: continue
            // No descriptors left: they come back when a connection ends.
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: usleep(20_000)
            default: throw .last("accept")
            }
        }
    }

    private static func listen(at path: String) throws(TransportError) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        if descriptor < 0 { throw .last("socket") }
        do throws(TransportError) {
            if try unsafe UnixAddress.with(path, { unsafe bind(descriptor, $0, $1) }) != 0 { throw .last("bind") }
            // Nobody can connect between the two calls, since the socket does not listen yet.
            if unsafe chmod(path, 0o600) != 0 { throw .last("chmod") }
            if Glibc.listen(descriptor, 16) != 0 { throw .last("listen") }
        } catch {
            _ = close(descriptor)
            throw error
        }
        return descriptor
    }
}

private struct FileIdentity: Equatable {
    let device: UInt
    let inode: UInt

    init?(path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
    }
}
