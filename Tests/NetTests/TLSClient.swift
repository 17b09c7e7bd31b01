import Flow
import Glibc
import Secrets

@testable import Net

/// A self-signed certificate for this machine, and those who believe it.
struct TestCertificate {
    let made: SelfSignedCertificate
    let server: TLSServerContext

    init(names: [String] = ["localhost", "127.0.0.1"], now: Int = WallTime.now().secondsSince1970) throws {
        made = try SelfSignedCertificate.make(names: names, now: now)
        server = try TLSServerContext(certificates: made.certificate, key: made.key, now: now)
    }

    var trust: ServerTrust { ServerTrust(pins: [server.certificate.fingerprint]) }
}

/// A blocking client that speaks TLS as a test says.
actor TLSClient {
    private let socket: RawClient
    private var session: TLSSession

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe socket.unownedExecutor }

    struct Failure: Error {}

    init(port: Int, trust: ServerTrust) throws {
        socket = try RawClient(port: port)
        guard let session = TLSSession(try TLSClientContext(trust: trust), socket: socket.descriptor, host: "127.0.0.1")
        else { throw Failure() }
        self.session = session
    }

    func handshake() -> TLSOutcome { session.handshake(now: WallTime.now().secondsSince1970) }

    /// Sends everything, record by record.
    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            guard case .done(let count) = session.write(bytes.span.extracting(sent..<bytes.count)) else { return }
            sent += count
        }
    }

    /// Everything until the server says that it is over; how it ended comes with it.
    func receiveAll() -> (text: String, end: TLSOutcome) {
        let (bytes, end) = receiveBytes()
        return (String(decoding: bytes, as: UTF8.self), end)
    }

    /// What comes behind the head of a response.
    func receiveBody() -> [UInt8] {
        let bytes = receiveBytes().bytes
        guard let head = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return [] }
        return Array(bytes[head.upperBound...])
    }

    private func receiveBytes() -> (bytes: [UInt8], end: TLSOutcome) {
        var (all, buffer): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 16_384))
        while true {
            let outcome = session.read(into: &buffer, from: 0)
            guard case .done(let count) = outcome else { return (all, outcome) }
            all += buffer[..<count]
        }
    }
}

/// Two connected non-blocking sockets.
final class SocketPair {
    /// For the one who is tested.
    let near: Int32
    private let far: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw RawClient.Failure(code: errno) }
        (near, far) = (ends[0], ends[1])
    }

    deinit {
        close(near)
        close(far)
    }

    /// What was sent to the other end so far.
    var receivedByFar: [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = unsafe recv(far, &buffer, buffer.count, 0)
        return Array(buffer[..<max(0, count)])
    }
}
