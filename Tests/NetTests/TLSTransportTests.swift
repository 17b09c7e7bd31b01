import Glibc
import Secrets
import Testing

@testable import Net

@Suite struct TLSTransportTests {
    /// Both ends of a connection whose handshake is done.
    private func connected() throws -> (server: TLSTransport, client: TLSTransport) {
        let certificate = try TestCertificate()
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw RawClient.Failure(code: errno) }
        let near = try FileDescriptor(owning: ends[0])
        let far = try FileDescriptor(owning: ends[1])
        let context = try TLSClientContext(trust: certificate.trust)
        guard let server = TLSTransport(near, server: certificate.server),
            let client = TLSTransport(far, client: context, host: "localhost")
        else { throw TLSClient.Failure() }
        #expect(client.handshake() == .waiting(.reading))
        #expect(server.handshake() == .waiting(.reading))
        #expect(client.handshake() == .done)
        #expect(server.handshake() == .done)
        return (server, client)
    }

    private func readAll(_ transport: TLSTransport) -> [UInt8] {
        var (all, buffer): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 65_536))
        while case .transferred(let count) = transport.read(into: &buffer) { all += buffer[..<count] }
        return all
    }

    @Test func `a record that could not be sent goes out as it was, and then what came after it`() throws {
        let (server, client) = try connected()
        let piece = [UInt8](repeating: 1, count: 30_000)
        var taken = 0
        while !server.holdsOutput {
            guard case .transferred(let count) = server.write(piece.span) else { break }
            taken += count
        }
        #expect(server.push() == .wouldBlock)
        #expect(server.write([9].span) == .transferred(0))
        #expect(server.unacknowledgedCount > 0)
        var received = readAll(client)
        while server.holdsOutput {
            #expect(server.push() != .failed(SystemError(code: EPIPE)))
            received += readAll(client)
        }
        #expect(server.write([2, 3].span) == .transferred(2))
        received += readAll(client)
        #expect(received == [UInt8](repeating: 1, count: taken) + [2, 3])
    }

    @Test func `a full buffer leaves the rest to be read, and says so`() throws {
        let (server, client) = try connected()
        #expect(client.write([UInt8](0...99).span) == .transferred(100))
        var buffer = [UInt8](repeating: 0, count: 40)
        #expect(server.read(into: &buffer) == .transferred(40))
        #expect(server.holdsInput)
        #expect(server.read(into: &buffer) == .transferred(40))
        #expect(server.read(into: &buffer) == .transferred(20))
        #expect(!server.holdsInput)
        #expect(buffer[..<20] == [UInt8](80...99)[...])
        #expect(server.read(into: &buffer) == .wouldBlock)
    }

    @Test func `a farewell behind the last bytes is told after them, although nothing more comes`() throws {
        let (server, client) = try connected()
        #expect(client.write([1, 2, 3].span) == .transferred(3))
        client.endWriting()
        var buffer = [UInt8](repeating: 0, count: 40)
        #expect(server.read(into: &buffer) == .transferred(3))
        #expect(server.holdsInput)
        #expect(server.read(into: &buffer) == .ended)
        #expect(server.write([4].span) == .transferred(1))
        #expect(readAll(client) == [4])
    }

    @Test func `many small records come out in one read`() throws {
        let (server, client) = try connected()
        for byte in 0..<200 as Range<UInt8> { _ = client.write([byte].span) }
        #expect(readAll(server) == [UInt8](0..<200))
    }
}
