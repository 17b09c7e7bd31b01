import Testing
import Wyoming
import JSON

@Suite struct EventDecoderTests {
    private static let vectors: [(bytes: String, event: RawEvent)] = [
        (#"{"type":"describe"}"# + "\n", RawEvent(type: "describe")),
        (
            #"{"type":"ping","version":"1.2.0","data":{"text":"a"}}"# + "\n",
            RawEvent(type: "ping", data: ["text": .string("a")])
        ),
        (
            #"{"type":"ping","data_length":14}"# + "\n" + #"{"text": "ü"}"#,
            RawEvent(type: "ping", data: ["text": .string("ü")])
        ),
        (
            #"{"type":"x","data":{"a":1,"b":2.5},"data_length":17}"# + "\n" + #"{"b":null,"c":[]}"#,
            RawEvent(type: "x", data: ["a": .integer(1), "b": .null, "c": .array([])])
        ),
        (
            #"{"type":"audio-chunk","data":{"rate":8000},"payload_length":4}"# + "\n" + "\nab\n",
            RawEvent(type: "audio-chunk", data: ["rate": .integer(8000)], payload: Array("\nab\n".utf8))
        ),
        (
            #"{"type":"t","data_length":null,"payload_length":3.0,"unknown":{"deep":[true]}}"# + "\n" + "abc",
            RawEvent(type: "t", payload: Array("abc".utf8))
        ),
    ]

    @Test(arguments: vectors.indices) func `every event is read, wherever its bytes are split`(index: Int) throws {
        let (text, event) = Self.vectors[index]
        let bytes = Array(text.utf8)
        for split in 0...bytes.count {
            var decoder = EventDecoder()
            decoder.append(bytes[..<split])
            if split < bytes.count { #expect(try decoder.next() == nil) }
            decoder.append(bytes[split...])
            #expect(try decoder.next() == event)
            #expect(try decoder.next() == nil)
            #expect(!decoder.isWithinEvent)
        }
    }

    @Test func `events that arrive byte by byte are all read`() throws {
        var decoder = EventDecoder()
        var events: [RawEvent] = []
        for byte in Self.vectors.flatMap({ Array($0.bytes.utf8) }) {
            decoder.append(CollectionOfOne(byte))
            while let event = try decoder.next() { events.append(event) }
        }
        #expect(events == Self.vectors.map(\.event))
    }

    @Test func `what is encoded is decoded again`() throws {
        let event = RawEvent(
            type: "audio-chunk",
            data: [
                "rate": .integer(16_000), "text": .string("a\n\"ü\u{0}😀"), "half": .double(0.5), "yes": .bool(true),
            ],
            payload: (0...255).map { UInt8($0) })
        var decoder = EventDecoder()
        decoder.append(try event.encoded())
        #expect(try decoder.next() == event)
    }

    @Test func `data always goes into its own block`() throws {
        let text = String(decoding: try RawEvent(type: "ping", data: ["text": .string("a")]).encoded(), as: UTF8.self)
        let lines = text.split(separator: "\n", maxSplits: 1)
        #expect(lines.first?.contains(#""data_length":12"#) == true)
        #expect(lines.first?.contains(#""data":"#) == false)
        #expect(lines.last == #"{"text":"a"}"#)
    }

    @Test(arguments: [
        "\n", "{\n", "[]\n", "\"describe\"\n", "{}\n", #"{"type":1}"# + "\n", "\u{FEFF}{\n", "GET / HTTP/1.1\r\n",
        #"{"type":"a","data_length":-1}"# + "\n", #"{"type":"a","payload_length":1.5}"# + "\n",
        #"{"type":"a","data_length":"4"}"# + "\n", #"{"type":"a","payload_length":1e300}"# + "\n",
    ])
    func `a header that is no event is refused`(text: String) {
        #expect(failure(of: Array(text.utf8)) == .invalidHeader)
    }

    @Test func `bytes that are no UTF-8 are refused`() {
        #expect(failure(of: [0x7B, 0xFF, 0xFE, 0x0A]) == .invalidHeader)
        #expect(failure(of: Array(#"{"type":"a","data_length":2}"#.utf8) + [0x0A, 0xFF, 0xFF]) == .invalidData)
    }

    @Test(arguments: ["{}", "[]", "1", "nonsens"]) func `a data block must be an object`(block: String) {
        let bytes = Array("{\"type\":\"a\",\"data_length\":\(block.utf8.count)}\n\(block)".utf8)
        #expect(failure(of: bytes) == (block == "{}" ? nil : .invalidData))
    }

    @Test func `an endless header is refused at the limit`() {
        #expect(failure(of: [UInt8](repeating: 0x20, count: EventLimits.headerByteCount)) == .headerTooLong)
        #expect(failure(of: [UInt8](repeating: 0x20, count: EventLimits.headerByteCount - 1)) == nil)
    }

    @Test func `lengths beyond the limits are refused before anything is waited for`() {
        let data = EventLimits.dataByteCount + 1
        let payload = EventLimits.payloadByteCount + 1
        #expect(failure(of: Array("{\"type\":\"a\",\"data_length\":\(data)}\n".utf8)) == .dataTooLong(byteCount: data))
        #expect(
            failure(of: Array("{\"type\":\"a\",\"payload_length\":\(payload)}\n".utf8))
                == .payloadTooLong(byteCount: payload))
        #expect(
            failure(of: Array("{\"type\":\"a\",\"data_length\":\(Int.max),\"payload_length\":\(Int.max)}\n".utf8))
                == .dataTooLong(byteCount: .max))
    }

    @Test func `deeply nested data is refused, not followed into the ground`() {
        let depth = 20_000
        let header = "{\"type\":\"a\",\"data\":{\"a\":" + String(repeating: "[", count: depth)
        #expect(failure(of: Array((header + String(repeating: "]", count: depth) + "}}\n").utf8)) == .invalidHeader)
    }

    @Test func `after an error nothing more is read`() throws {
        var decoder = EventDecoder()
        decoder.append(Array("nonsense\n{\"type\":\"describe\"}\n".utf8))
        #expect(throws: EventError.invalidHeader) { try decoder.next() }
        decoder.append(Array("{\"type\":\"describe\"}\n".utf8))
        #expect(throws: EventError.invalidHeader) { try decoder.next() }
    }

    @Test func `random bytes never trap`() {
        var generator = SeededGenerator(state: 7)
        for _ in 0..<2_000 {
            let length = Int.random(in: 0..<80, using: &generator)
            var bytes = Array(#"{"type":"a","data":{"b":[1,2]},"data_length":2,"payload_length":3}"#.utf8)
            bytes.append(0x0A)
            for _ in 0..<length {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                if Bool.random(using: &generator) {
                    bytes[place] = UInt8.random(in: 0...255, using: &generator)
                } else {
                    bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
                }
            }
            _ = failure(of: bytes)
        }
    }

    private func failure(of bytes: [UInt8]) -> EventError? {
        var decoder = EventDecoder()
        decoder.append(bytes)
        do throws(EventError) {
            while let raw = try decoder.next() { _ = try WyomingEvent(raw) }
            return nil
        } catch {
            return error
        }
    }
}

/// xorshift64, so that a failing case comes again.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
