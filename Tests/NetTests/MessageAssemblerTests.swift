import Testing

@testable import Net

@Suite struct MessageAssemblerTests {
    @Test func `messages and control frames come out whole and in order`() throws {
        var bytes = Frame.text("gr\u{FC}\u{DF}e").masked(by: 0x0102_0304)
        bytes += [0x01, 0x82, 1, 2, 3, 4, 0x61 ^ 1, 0x62 ^ 2]
        bytes += Frame.ping([7]).masked(by: 0)
        bytes += [0x80, 0x81, 9, 9, 9, 9, 0x63 ^ 9]
        bytes += Frame.binary([1, 2, 3]).masked(by: 0xFFFF_FFFF)
        bytes += Frame.pong([]).masked(by: 5)
        bytes += Frame.close(1000, reason: "bye").masked(by: 77)
        let expected: [MessageAssembler.Event] = [
            .message(.text("gr\u{FC}\u{DF}e")), .ping([7]), .message(.text("abc")), .message(.binary([1, 2, 3])),
            .pong([]), .close(code: 1000, reason: "bye"),
        ]
        for pieces in splits(of: bytes) { #expect(try events(in: pieces, role: .server) == expected) }
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65535, 65536, 70001])
    func `every way to write a length is read back`(count: Int) throws {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let frame = Frame.binary(payload)
        #expect(try events(in: [frame.bytes], role: .client) == [.message(.binary(payload))])
        let masked = frame.masked(by: 0xDEAD_BEEF)
        let (head, tail) = (Array(masked[..<min(9, masked.count)]), Array(masked[min(9, masked.count)...]))
        #expect(try events(in: [head, tail], role: .server) == [.message(.binary(payload))])
    }

    @Test func `fragments count together against the limit`() {
        let fragment: [UInt8] = [0x02, 0x03, 1, 2, 3]
        let more: [UInt8] = [0x00, 0x03, 1, 2, 3]
        #expect(throws: WebSocketError.messageTooLarge) {
            try events(in: [fragment + more + more], role: .client, limit: 8)
        }
    }

    @Test func `a long reason is cut between characters`() throws {
        let frame = Frame.close(1000, reason: String(repeating: "\u{20AC}", count: 60))
        #expect(
            try events(in: [frame.bytes], role: .client)
                == [.close(code: 1000, reason: String(repeating: "\u{20AC}", count: 41))])
    }
}

@Suite struct UTF8CheckTests {
    @Test func `it agrees with the standard library on every two bytes and on edges`() {
        var samples: [[UInt8]] = []
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max { samples.append([first, second]) }
        }
        let edges: [UInt8] = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
        for lead: UInt8 in [0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5] {
            for a in edges {
                for b in edges {
                    samples.append([lead, a, b])
                    for c in edges { samples.append([lead, a, b, c]) }
                }
            }
        }
        for sample in samples {
            var check = UTF8Check()
            let isValid = sample.allSatisfy { check.accept([$0].span) } && check.isComplete
            #expect(isValid == (String(validating: sample, as: UTF8.self) != nil))
        }
    }

    @Test func `pieces cut anywhere give the same answer`() {
        let text = Array("ASCII for a while, then \u{E9}\u{20AC}\u{1F600}, then ASCII for a while again".utf8)
        for pieces in splits(of: text) {
            var check = UTF8Check()
            #expect(pieces.allSatisfy { check.accept($0.span) })
            #expect(check.isComplete)
        }
    }
}

/// What comes out of bytes that arrive in pieces.
func events(
    in pieces: [[UInt8]], role: WebSocketRole, limit: Int = 1 << 20
) throws -> [MessageAssembler.Event] {
    var assembler = MessageAssembler(role: role, limit: limit)
    var buffer = InputBuffer()
    var events: [MessageAssembler.Event] = []
    for piece in pieces {
        buffer.append(copying: piece.span)
        while true {
            let (used, event) = try assembler.next(buffer.bytes.span.extracting(buffer.start..<buffer.bytes.count))
            buffer.consume(used)
            guard let event else { break }
            events.append(event)
        }
    }
    return events
}
