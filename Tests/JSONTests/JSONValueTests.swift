import FoundationEssentials
import Testing

@testable import JSON

@Suite struct JSONValueTests {
    @Test(arguments: [
        (JSONValue.null, "null"), (true, "true"), (3, "3"), (.double(2.5), "2.5"), ("a\"b", #""a\"b""#),
        (.array([1, "x", .null]), #"[1,"x",null]"#), (.object(["a": .object(["b": .array([])])]), #"{"a":{"b":[]}}"#),
    ])
    func `a value is written and read back unchanged`(value: JSONValue, text: String) throws {
        let bytes = try JSONEncoder().encode(value)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
        #expect(try JSONDecoder().decode(JSONValue.self, from: bytes) == value)
    }

    @Test func `a whole number is a number however it is written`() throws {
        let value = try JSONDecoder().decode(JSONValue.self, from: Data("[3.0,3,1e2]".utf8))
        #expect(value.elements?.map(\.whole) == [3, 3, 100])
        #expect(JSONValue.double(2.5).whole == nil)
        #expect(JSONValue.integer(2).number == 2)
    }

    @Test func `what is of another kind is nil`() {
        let value: JSONValue = "text"
        #expect(value.text == "text")
        #expect(value.whole == nil && value.number == nil && value.elements == nil && value.members == nil)
        #expect(value["a"] == nil)
    }

    @Test(arguments: [
        JSONValue.null, false, 0, .integer(.min), .integer(.max), .double(-0.25), .double(1e21),
        .double(.leastNonzeroMagnitude),
        .double(3),
        "", "\u{0}\u{8}\u{b}\u{c}\u{1f}\t\r\n\\ / \" \u{7f} \u{2028} ä 🎧", .array([.array([]), .object([:])]),
        .object(["b": 1, "a": .object(["z": .null, "y": .array([true])]), "ä\n": "x", "B": 2]),
    ])
    func `a value is written as other encoders write it`(value: JSONValue) throws {
        let other = JSONEncoder()
        other.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let expected = String(decoding: try other.encode(value), as: UTF8.self)
        #expect(String(decoding: value.bytes, as: UTF8.self) == expected)
    }

    @Test(arguments: [(Double.infinity, #""inf""#), (-.infinity, #""-inf""#), (.nan, #""nan""#)])
    func `a number that JSON does not know is written as a text`(number: Double, text: String) {
        #expect(String(decoding: JSONValue.double(number).bytes, as: UTF8.self) == text)
    }
}
