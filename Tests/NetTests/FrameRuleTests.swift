import Testing

@testable import Net

/// One frame as a rule's vector writes it: any first byte, any way to write the length.
struct Vector: Sendable, CustomTestStringConvertible {
    enum Length { case shortest, twoBytes, eightBytes }

    var first: UInt8
    var payload: [UInt8] = []
    var length = Length.shortest
    /// The length that is written, if it is not the payload's.
    var claimed: UInt64?

    var testDescription: String {
        "\(String(first, radix: 16)) \(length) \(claimed.map { "\($0)" } ?? "") \(payload.prefix(8))"
    }

    /// The bytes as they arrive at this role: masked at a server, bare at a client.
    func bytes(at role: WebSocketRole) -> [UInt8] {
        let mask: UInt8 = role == .server ? 0x80 : 0
        let count = claimed ?? UInt64(payload.count)
        var bytes = [first]
        switch length {
        case .shortest where count <= 125: bytes.append(mask | UInt8(count))
        case .shortest where count <= 65535, .twoBytes: bytes += [mask | 126, UInt8(count >> 8), UInt8(count & 0xFF)]
        case .shortest, .eightBytes:
            bytes.append(mask | 127)
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: count >> UInt64(56 - 8 * $0)) }
        }
        guard role == .server else { return bytes + payload }
        let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        return bytes + key + payload.enumerated().map { $1 ^ key[$0 & 3] }
    }
}

/// RFC 6455, sections 5 to 8: what each end must fail upon, and with which code.
private let violations: [(frames: [Vector], error: WebSocketError)] =
    [0x40, 0x20, 0x10, 0x70].map { ([Vector(first: 0x81 | $0)], .reservedBits) }
    + [0x40, 0x20, 0x10].map { ([Vector(first: 0x89 | $0)], .reservedBits) }
    + [3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF].map { ([Vector(first: 0x80 | $0)], .unknownOpcode) }
    + [0x08, 0x09, 0x0A].map { ([Vector(first: $0)], .fragmentedControlFrame) }
    + [0x88, 0x89, 0x8A].map { ([Vector(first: $0, payload: [UInt8](repeating: 0, count: 126))], .longControlFrame) }
    + [0x88, 0x89, 0x8A].map { ([Vector(first: $0, payload: [1, 2], length: .twoBytes)], .longControlFrame) }
    + [0x88, 0x89, 0x8A].map { ([Vector(first: $0, payload: [1, 2], length: .eightBytes)], .longControlFrame) }
    + [0, 1, 125].map { ([Vector(first: 0x82, length: .twoBytes, claimed: $0)], .invalidLength) }
    + [0, 125, 126, 65535].map { ([Vector(first: 0x82, length: .eightBytes, claimed: $0)], .invalidLength) }
    + [1 << 63, .max].map { ([Vector(first: 0x82, length: .eightBytes, claimed: $0)], .invalidLength) }
    + [1 << 63 - 1, 1 << 32, 1 << 20 + 1].map {
        ([Vector(first: 0x82, length: .eightBytes, claimed: $0)], .messageTooLarge)
    }
    + [0x80, 0x00].map { ([Vector(first: $0)], .unexpectedContinuation) }
    + [
        ([Vector(first: 0x81), Vector(first: 0x80)], .unexpectedContinuation),
        ([Vector(first: 0x01), Vector(first: 0x80), Vector(first: 0x80)], .unexpectedContinuation),
        ([Vector(first: 0x01), Vector(first: 0x81)], .missingContinuation),
        ([Vector(first: 0x01), Vector(first: 0x89), Vector(first: 0x82)], .missingContinuation),
        ([Vector(first: 0x02), Vector(first: 0x00), Vector(first: 0x01)], .missingContinuation),
        ([Vector(first: 0x88, payload: [3])], .invalidClose),
        ([Vector(first: 0x88, payload: [0x03, 0xE8, 0xFF])], .invalidText),
        ([Vector(first: 0x88, payload: [0x03, 0xE8, 0xC3])], .invalidText),
    ]
    + [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535].map {
        ([Vector(first: 0x88, payload: [UInt8($0 >> 8), UInt8($0 & 0xFF)])], .invalidClose)
    }

/// RFC 6455, section 8.1, and RFC 3629: bytes that no text can have.
private let invalidTexts: [[UInt8]] = [
    [0x80], [0xBF], [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
    [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
    [0xF5, 0x80, 0x80, 0x80],
    [0xFE], [0xFF], [0xC3, 0x28], [0xE2, 0x82, 0x28], [0xF0, 0x9F, 0x98, 0x28],
    [0x61, 0xCE, 0xBA, 0xED, 0xA0, 0x80, 0x61],
]

private let roles: [WebSocketRole] = [.server, .client]

@Suite struct FrameRuleTests {
    @Test(arguments: violations, roles)
    func `what breaks a rule is refused wherever it is cut`(
        violation: (frames: [Vector], error: WebSocketError), role: WebSocketRole
    ) {
        for pieces in splits(of: violation.frames.flatMap { $0.bytes(at: role) }) {
            #expect(throws: violation.error) { try events(in: pieces, role: role) }
        }
    }

    @Test func `every violation has the code that the RFC names`() {
        for (_, error) in violations {
            let code: UInt16 = error == .messageTooLarge ? 1009 : error == .invalidText ? 1007 : 1002
            #expect(error.closeCode == code)
        }
    }

    @Test(
        arguments: [Vector(first: 0x81), Vector(first: 0x82, payload: [1]), Vector(first: 0x89), Vector(first: 0x88)],
        roles)
    func `clients mask and servers do not`(frame: Vector, role: WebSocketRole) {
        let other: WebSocketRole = role == .server ? .client : .server
        for pieces in splits(of: frame.bytes(at: other)) {
            #expect(throws: WebSocketError.wrongMasking) { try events(in: pieces, role: role) }
        }
    }

    @Test(
        arguments: [
            [0xC1], [0x83], [0x08], [0x89, 0x7E], [0x89, 0x7F], [0x80],
        ] as [[UInt8]])
    func `what is wrong already is refused before the rest of the header comes`(start: [UInt8]) {
        #expect(throws: WebSocketError.self) {
            try events(in: [start + (start.count == 1 ? [0x00] : [])], role: .client)
        }
    }

    @Test(arguments: invalidTexts, roles)
    func `text that is none is refused in one frame and in two, wherever it is cut`(text: [UInt8], role: WebSocketRole)
    {
        let whole = Vector(first: 0x81, payload: text).bytes(at: role)
        for pieces in splits(of: whole) {
            #expect(throws: WebSocketError.invalidText) { try events(in: pieces, role: role) }
        }
        for cut in 0...text.count {
            let frames = [
                Vector(first: 0x01, payload: Array(text[..<cut])), Vector(first: 0x80, payload: Array(text[cut...])),
            ]
            for pieces in splits(of: frames.flatMap { $0.bytes(at: role) }) {
                #expect(throws: WebSocketError.invalidText) { try events(in: pieces, role: role) }
            }
        }
    }

    @Test(arguments: invalidTexts, roles)
    func `text is refused at the first byte that no text can have, without waiting for the rest`(
        text: [UInt8], role: WebSocketRole
    ) throws {
        var check = UTF8Check()
        let firstBad = try #require(text.indices.first { !check.accept([text[$0]].span) })
        let bytes = Vector(first: 0x01, payload: text + [UInt8](repeating: 0x61, count: 100)).bytes(at: role)
        let start = bytes.count - text.count - 100
        #expect(throws: Never.self) { try events(in: [Array(bytes[..<(start + firstBad)])], role: role) }
        #expect(throws: WebSocketError.invalidText) {
            try events(in: [Array(bytes[...(start + firstBad)])], role: role)
        }
    }

    @Test(arguments: [[0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98]] as [[UInt8]], roles)
    func `text that ends inside a character is refused`(text: [UInt8], role: WebSocketRole) {
        let frames = [Vector(first: 0x01, payload: text), Vector(first: 0x80)]
        for pieces in splits(of: frames.flatMap { $0.bytes(at: role) }) {
            #expect(throws: WebSocketError.invalidText) { try events(in: pieces, role: role) }
        }
    }

    @Test(arguments: roles)
    func `characters may be cut between fragments, and control frames may come between them`(role: WebSocketRole) throws
    {
        let text = "\u{3BA}\u{1F79}\u{3C3}\u{3BC}\u{3B5} \u{1F600}"
        var frames = [Vector(first: 0x01)]
        for byte in text.utf8 {
            frames += [Vector(first: 0x00, payload: [byte]), Vector(first: 0x89, payload: [byte])]
        }
        frames += [Vector(first: 0x8A), Vector(first: 0x80)]
        let pings = text.utf8.map { MessageAssembler.Event.ping([$0]) }
        for pieces in splits(of: frames.flatMap { $0.bytes(at: role) }) {
            #expect(try events(in: pieces, role: role) == pings + [.pong([]), .message(.text(text))])
        }
    }

    @Test(
        arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999],
        roles)
    func `codes that may travel are understood, with and without a reason`(code: UInt16, role: WebSocketRole) throws {
        let payload = [UInt8(code >> 8), UInt8(code & 0xFF)]
        let long = String(repeating: "r", count: 123)
        for reason in ["", "gr\u{FC}n", long] {
            let bytes = Vector(first: 0x88, payload: payload + Array(reason.utf8)).bytes(at: role)
            for pieces in splits(of: bytes) {
                #expect(try events(in: pieces, role: role) == [.close(code: code, reason: reason)])
            }
        }
    }

    @Test(arguments: roles)
    func `a close frame may carry nothing`(role: WebSocketRole) throws {
        for pieces in splits(of: Vector(first: 0x88).bytes(at: role)) {
            #expect(try events(in: pieces, role: role) == [.close(code: 1005, reason: "")])
        }
        #expect(Frame.close(1005, reason: "").bytes == [0x88, 0x00])
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65535, 65536, 70000], roles)
    func `lengths are written as short as they can be, by both ends`(count: Int, role: WebSocketRole) throws {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let frame = Frame.binary(payload)
        #expect(frame.bytes == Vector(first: 0x82, payload: payload).bytes(at: .client))
        #expect(frame.masked(by: 0x37FA_213D) == Vector(first: 0x82, payload: payload).bytes(at: .server))
        let bytes = Vector(first: 0x82, payload: payload).bytes(at: role)
        for cut in [1, 2, 3, 9, 10, 13, 14, 15] where cut < bytes.count {
            let pieces = [Array(bytes[..<cut]), Array(bytes[cut...])]
            #expect(try events(in: pieces, role: role) == [.message(.binary(payload))])
        }
    }
}
