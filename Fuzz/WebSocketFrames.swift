/// Frames and messages at either end: read whole and in pieces they are the same, and written again they are read alike.
///
/// The first byte of the input chooses the end and the limit, the second how it is cut.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard input.count > 2 else { return 0 }
    let role: WebSocketRole = input[0] & 1 == 0 ? .server : .client
    let limit = input[0] & 2 == 0 ? 300 : 1 << 20
    let frames = input[2...]
    let whole = read([Array(frames)], role, limit)
    precondition(whole == read(Pieces(frames, seed: input[1]), role, limit), "the same messages, however they were cut")
    for case .event(let event) in whole { check(event, limit) }
    return 0
}

/// What an assembler made of its input.
private enum Outcome: Hashable {
    case event(MessageAssembler.Event)
    case failure(WebSocketError)
}

private func read(_ pieces: some Sequence<[UInt8]>, _ role: WebSocketRole, _ limit: Int) -> [Outcome] {
    var assembler = MessageAssembler(role: role, limit: limit)
    var buffer = InputBuffer()
    var outcomes: [Outcome] = []
    for piece in pieces {
        buffer.append(copying: piece.span)
        do throws(WebSocketError) {
            while true {
                let (used, event) = try assembler.next(buffer.bytes.span.extracting(buffer.start..<buffer.bytes.count))
                buffer.consume(used)
                guard let event else { break }
                outcomes.append(.event(event))
            }
        } catch {
            return outcomes + [.failure(error)]
        }
        precondition(buffer.count < FrameHeader.maximumByteCount, "no more waits than one header")
    }
    return outcomes
}

/// RFC 6455, sections 5 to 8: what cannot come out, and that it can be sent again.
private func check(_ event: MessageAssembler.Event, _ limit: Int) {
    let frame: Frame
    switch event {
    case .message(let message):
        precondition(message.byteCount <= limit, "a message within its limit")
        switch message {
        case .text(let text): frame = .text(text)
        case .binary(let bytes): frame = .binary(bytes)
        }
    case .ping(let payload): frame = .ping(payload)
    case .pong(let payload): frame = .pong(payload)
    case .close(let code, let reason):
        precondition(code == WebSocketClose.noStatus || WebSocketClose.mayTravel(code), "a code that may travel")
        frame = .close(code, reason: reason)
    }
    let key = UInt32(truncatingIfNeeded: frame.bytes.count &* 0x9E37_79B9)
    precondition(read([frame.masked(by: key)], .server, limit) == [.event(event)], "masked and read again")
    precondition(read([frame.bytes], .client, limit) == [.event(event)], "sent and read again")
}
