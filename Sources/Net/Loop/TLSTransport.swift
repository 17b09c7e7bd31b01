import Flow
import Glibc
import Secrets

/// A TCP socket with TLS in between.
final class TLSTransport: Transport {
    /// Where a handshake is.
    enum HandshakeStep: Hashable {
        case done
        case waiting(Interest)
        case failed(TLSError)
    }

    private let socket: FileDescriptor
    private var session: TLSSession
    /// Bytes of the record that OpenSSL could not send; it keeps them itself and wants to be asked for as many again.
    private var heldCount = 0
    /// What came behind the bytes that the last read gave out.
    private var ending: TransferOutcome?
    private(set) var holdsInput = false
    private(set) var readsWhenWritable = false
    private(set) var writesWhenReadable = false

    /// RFC 8446, section 5.1: the most that one record carries.
    private static let recordBytes = 16 * 1024
    private static let anything = [UInt8](repeating: 0, count: recordBytes)

    /// The server's end; nil only without memory.
    init?(_ socket: consuming FileDescriptor, server context: TLSServerContext) {
        guard let session = TLSSession(context, socket: socket.number) else { return nil }
        self.session = session
        self.socket = socket
    }

    /// The client's end; nil only without memory.
    init?(_ socket: consuming FileDescriptor, client context: TLSClientContext, host: String) {
        guard let session = TLSSession(context, socket: socket.number, host: host) else { return nil }
        self.session = session
        self.socket = socket
    }

    var descriptor: Int32 { socket.number }

    var isSecure: Bool { true }

    /// Goes on with the handshake, before anything is read or written.
    func handshake() -> HandshakeStep {
        switch session.handshake(now: WallTime.now().secondsSince1970) {
        case .done:
            holdsInput = session.holdsInput
            return .done
        case .wantsReading: return .waiting(.reading)
        case .wantsWriting: return .waiting(.writing)
        case .ended: return .failed(.cutOff)
        case .failed(let error): return .failed(error)
        }
    }

    /// Reads until nothing is left, since the poller knows only of what OpenSSL has not fetched.
    func read(into buffer: inout [UInt8]) -> TransferOutcome {
        holdsInput = false
        readsWhenWritable = false
        if let ending { return ending }
        var filled = 0
        while filled < buffer.count {
            let stop: TransferOutcome
            switch session.read(into: &buffer, from: filled) {
            case .done(let count):
                filled += count
                continue
            case .wantsReading: stop = .wouldBlock
            case .wantsWriting:
                readsWhenWritable = true
                stop = .wouldBlock
            case .ended: stop = .ended
            case .failed: stop = .failed(SystemError(code: EPROTO))
            }
            if stop != .wouldBlock { ending = stop }
            guard filled > 0 else { return stop }
            holdsInput = ending != nil
            return .transferred(filled)
        }
        holdsInput = true
        return .transferred(filled)
    }

    /// Writes record by record; the last one may be kept.
    func write(_ bytes: Span<UInt8>) -> TransferOutcome {
        var written = 0
        while written < bytes.count, heldCount == 0 {
            let count = min(Self.recordBytes, bytes.count - written)
            if let failure = write(record: bytes.extracting(written..<(written + count))) { return failure }
            written += count
        }
        return .transferred(written)
    }

    var holdsOutput: Bool { heldCount > 0 }

    func push() -> TransferOutcome {
        let count = heldCount
        heldCount = 0
        if let failure = write(record: Self.anything.span.extracting(0..<count)) { return failure }
        return heldCount == 0 ? .transferred(count) : .wouldBlock
    }

    func endWriting() {
        if heldCount == 0 { session.endWriting() }
        shutdown(socket.number, Int32(SHUT_WR))
    }

    var unacknowledgedCount: Int { heldCount + SocketOption.unacknowledgedCount(of: socket.number) }

    func boundSendBuffer(_ byteCount: Int) {
        SocketOption.set(SOL_SOCKET, SO_SNDBUF, to: Int32(byteCount), on: socket.number)
    }

    /// OpenSSL has encrypted what it cannot send, so it counts as taken: it may be neither changed nor dropped now.
    private func write(record: Span<UInt8>) -> TransferOutcome? {
        writesWhenReadable = false
        switch session.write(record) {
        case .done: break
        case .wantsWriting: heldCount = record.count
        case .wantsReading:
            heldCount = record.count
            writesWhenReadable = true
        case .ended, .failed: return .failed(SystemError(code: EPIPE))
        }
        return nil
    }
}
