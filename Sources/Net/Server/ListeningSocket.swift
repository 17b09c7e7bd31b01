import CSystem
import Glibc

/// A bound, listening socket.
final class ListeningSocket: Sendable {
    let descriptor: FileDescriptor
    /// With the port that the system chose, where it was left to it.
    let address: SocketAddress
    /// Nil where connections are plain.
    let tls: ServerTLS?
    /// Which of the server's addresses it is, counted from 0.
    let entrance: Int

    /// - Parameter onlyVersion6: Whether `[::]` leaves IPv4 to another socket.
    init(_ endpoint: ServerOptions.Endpoint, entrance: Int = 0, onlyVersion6: Bool) throws(ServerError) {
        self.entrance = entrance
        let wanted = endpoint.address
        tls = endpoint.tls
        let host = wanted.host.lowercased() == "localhost" ? "127.0.0.1" : wanted.host
        guard let ip = IPAddress(host) else { throw .notAnAddress(wanted) }
        do throws(SystemError) {
            descriptor = try FileDescriptor(owning: hearsay_stream_socket(ip.family))
            SocketOption.set(SOL_SOCKET, SO_REUSEADDR, to: 1, on: descriptor.number)
            if !ip.isVersion4 {
                SocketOption.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: onlyVersion6 ? 1 : 0, on: descriptor.number)
            }
            let number = descriptor.number
            guard unsafe ip.withSystemAddress(port: wanted.port, { unsafe bind(number, $0, $1) }) == 0,
                listen(number, 1024) == 0
            else { throw .last }
        } catch {
            throw ServerError(
                error, at: wanted, inUse: EADDRINUSE, notAvailable: EADDRNOTAVAIL, notPermitted: EACCES)
        }
        address = SocketAddress(host: host, port: Self.localPort(of: descriptor.number) ?? wanted.port)
    }

    /// Turns away those who wait, and all who come later.
    func refuseAll() { shutdown(descriptor.number, Int32(SHUT_RDWR)) }

    static func localPort(of socket: Int32) -> Int? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(socket, $0, &length)
            }
        }
        return status == 0 ? IPAddress.read(storage)?.port : nil
    }
}
