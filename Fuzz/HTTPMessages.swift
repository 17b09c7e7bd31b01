/// Requests and responses: read whole and in pieces they are the same, and what is accepted is unambiguous.
///
/// The first byte of the input chooses what is read, the second how it is cut.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard input.count > 2 else { return 0 }
    let message = input[2...]
    let pieces = Pieces(message, seed: input[1])
    if input[0] & 1 == 0 {
        let whole = readRequests([Array(message)])
        precondition(whole == readRequests(pieces), "the same requests, however they were cut")
        check(whole)
    } else {
        let method = input[0] & 2 == 0 ? "GET" : "HEAD"
        let whole = readResponse([Array(message)], method)
        precondition(whole == readResponse(pieces, method), "the same response, however it was cut")
    }
    return 0
}

/// What a parser made of its input.
private enum Outcome: Hashable {
    case request(method: String, target: RequestTarget, fields: HTTPFields, framing: BodyFraming, keepsAlive: Bool)
    case response(ResponseHead)
    case body([UInt8])
    case end(isProper: Bool)
    case failure(HTTPParseError)
}

/// Small, so that inputs reach them.
private let limits = {
    var limits = ParseLimits()
    limits.headBytes = 1024
    limits.fieldCount = 8
    limits.bodyBytes = 512
    return limits
}()

private func readRequests(_ pieces: some Sequence<[UInt8]>) -> [Outcome] {
    var parser = RequestParser(limits: limits)
    var outcomes: [Outcome] = []
    feed(pieces, &outcomes) { input throws(HTTPParseError) in
        let (used, event) = try parser.next(input)
        let outcome: Outcome? =
            switch event {
            case nil: nil
            case .head(let head)?:
                .request(
                    method: head.method, target: head.target, fields: head.fields, framing: head.framing,
                    keepsAlive: head.keepsAlive)
            case .end(let body)?: .body(body)
            }
        return (used, outcome)
    }
    return outcomes
}

private func readResponse(_ pieces: some Sequence<[UInt8]>, _ method: String) -> [Outcome] {
    var parser = ResponseParser(method: method, limits: limits)
    var outcomes: [Outcome] = []
    var body: [UInt8] = []
    let isWhole = feed(pieces, &outcomes) { input throws(HTTPParseError) in
        let (used, event) = try parser.next(input)
        switch event {
        case nil: return (used, nil)
        case .head(let head)?: return (used, .response(head))
        case .end?: return (used, .end(isProper: true))
        case .body(let piece)?:
            body += piece
            // A client bounds what it collects; here the bodies only have to be alike.
            return (used, .body([]))
        }
    }
    outcomes.removeAll { $0 == .body([]) }
    // How much of a body came out before the fault in it depends on the cut, and nobody keeps it.
    return outcomes + (isWhole ? [.body(body), .end(isProper: parser.connectionEnded())] : [])
}

/// Reads as a connection reads: what was not used comes again with more behind it.
///
/// - Returns: Whether nothing was refused.
@discardableResult
private func feed(
    _ pieces: some Sequence<[UInt8]>, _ outcomes: inout [Outcome],
    _ read: (Span<UInt8>) throws(HTTPParseError) -> (Int, Outcome?)
) -> Bool {
    var buffer = InputBuffer()
    for piece in pieces {
        buffer.append(copying: piece.span)
        do throws(HTTPParseError) {
            while true {
                let (used, outcome) = try read(buffer.bytes.span.extracting(buffer.start..<buffer.bytes.count))
                buffer.consume(used)
                guard let outcome else { break }
                outcomes.append(outcome)
                if case .end = outcome { return true }
            }
        } catch {
            outcomes.append(.failure(error))
            return false
        }
        precondition(buffer.count <= limits.headBytes, "no more waits than one line")
    }
    return true
}

/// RFC 9112, sections 3.2, 5 and 6.3: what an accepted request cannot be.
private func check(_ outcomes: [Outcome]) {
    var framing = BodyFraming.none
    for outcome in outcomes {
        switch outcome {
        case .request(_, let target, let fields, let found, _):
            framing = found
            let (lengths, codings) = (fields.all("Content-Length"), fields.all("Transfer-Encoding"))
            precondition(lengths.count + codings.count <= 1, "one length or one coding")
            precondition(codings.isEmpty == (found != .chunked), "a coding that counts")
            precondition(fields.all("Host").count <= 1, "one host")
            precondition(target.path == "*" || target.path.hasPrefix("/"), "a path")
            precondition(!target.path.utf8.contains(0), "no zero byte")
            if target.authority == nil {
                let sent = target.raw.prefix { $0 != "?" }
                precondition(PercentCoding.decode(sent) == target.path, "the same path, parted or whole")
            }
            for field in fields.lines {
                precondition(HTTPSyntax.isToken(field.name) && HTTPSyntax.isFieldValue(field.value), "a clean field")
            }
        case .body(let body):
            precondition(body.count <= limits.bodyBytes, "a body within its limit")
            if case .length(let count) = framing { precondition(body.count == count, "as long as it said") }
            if framing == .none { precondition(body.isEmpty, "none where none was told") }
        case .response, .end, .failure: break
        }
    }
}
