import Flow
import Glibc
import Testing
import Wyoming

@Suite struct TransportTests {
    @Test func `a question is answered over a Unix socket`() async throws {
        let server = try EchoServer()
        let answer = try await onThread { () throws(TransportError) in
            var connection = try WyomingConnection.connect(to: server.address)
            try connection.send(.ping(text: "hello"))
            return try connection.receive(timeout: .seconds(10))
        }
        #expect(answer == .pong(Pong(text: "hello")))
    }

    @Test func `a broken event is answered with an error and the end`() async throws {
        let server = try EchoServer()
        let answers = try await onThread { () throws(TransportError) in
            var connection = try WyomingConnection.connect(to: server.address)
            try connection.send(.other(RawEvent(type: "synthesize")))
            return [try connection.receive(timeout: .seconds(10)), try connection.receive(timeout: .seconds(10))]
        }
        #expect(answers.count == 2)
        guard case .error(_, let code)? = answers[0] else {
            Issue.record("no error came")
            return
        }
        #expect(code == "invalid_event")
        #expect(answers[1] == nil)
    }

    @Test func `a blocked read ends when another thread interrupts it`() async throws {
        let server = try EchoServer()
        let handles = Channel<SocketHandle>(capacity: 1)
        async let answer = onThread { () throws(TransportError) in
            var connection = try WyomingConnection.connect(to: server.address)
            _ = handles.offer(connection.handle)
            return try connection.receive()
        }
        await handles.next()?.interrupt()
        #expect(try await answer == nil)
    }

    @Test func `silence beyond the limit is an error`() async throws {
        let server = try EchoServer()
        await #expect(throws: TransportError.timedOut) {
            try await onThread { () throws(TransportError) in
                var connection = try WyomingConnection.connect(to: server.address)
                return try connection.receive(timeout: .milliseconds(1))
            }
        }
    }

    @Test func `a path that is taken is left alone`() throws {
        let server = try EchoServer()
        #expect(throws: TransportError.system(call: "bind", number: EADDRINUSE)) { try UnixListener(path: server.path) }
        #expect(withExtendedLifetime(server) { exists(server.path) })
    }

    @Test func `a listener takes only its own file away`() throws {
        let path = temporaryPath()
        let listener = try UnixListener(path: path)
        unsafe unlink(path)
        close(unsafe creat(path, 0o600))
        listener.removeFile()
        #expect(exists(path))
        unsafe unlink(path)
    }

    @Test func `a socket is open to its user only`() throws {
        let server = try EchoServer()
        var status = stat()
        withExtendedLifetime(server) { _ = unsafe stat(server.path, &status) }
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func `a path that is too long is refused`() {
        let path = "/tmp/" + String(repeating: "a", count: 120)
        #expect(throws: TransportError.pathTooLong) { try UnixListener(path: path) }
    }
}

/// Answers pings; its accepting thread lives as long as the test process.
private final class EchoServer: Sendable {
    let path: String
    private let listener: UnixListener

    var address: EngineAddress { .unix(path: path) }

    deinit { listener.removeFile() }

    init() throws(TransportError) {
        path = temporaryPath()
        let listener = try UnixListener(path: path)
        self.listener = listener
        DedicatedThread.detach(label: "echo") {
            let server = WorkerServer { event, connection throws(TransportError) in
                if case .ping(let text) = event { try connection.send(.pong(Pong(text: text))) }
                return true
            }
            try? server.serve(listener)
        }
    }
}

private func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

private func temporaryPath() -> String {
    "/tmp/hearsay-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max)).sock"
}

/// Runs blocking work outside the cooperative threads.
private func onThread<Value: Sendable>(
    _ work: @escaping @Sendable () throws(TransportError) -> Value
) async throws -> Value {
    let answers = Channel<Result<Value, TransportError>>(capacity: 1)
    DedicatedThread.detach(label: "test") {
        do throws(TransportError) {
            _ = answers.offer(.success(try work()))
        } catch {
            _ = answers.offer(.failure(error))
        }
    }
    guard let answer = await answers.next() else { throw CancellationError() }
    return try answer.get()
}
