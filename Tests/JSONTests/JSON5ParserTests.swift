import JSON
import Testing

@Suite struct JSON5ParserTests {
    private func value(_ text: String) throws -> JSONValue { try JSON5Parser.parse(Array(text.utf8)).value }

    @Test(arguments: [
        ("{}", "{}"), ("[]", "[]"), ("null", "null"), ("true", "true"), ("false", "false"),
        // Objects (JSON5, section 3)
        ("{a:1}", #"{"a":1}"#), ("{a:1,}", #"{"a":1}"#), (#"{"a b":1,'c-d':2}"#, #"{"a b":1,"c-d":2}"#),
        ("{$_9:1,ünïcödé:2,ⅷ:3,a\u{200C}b:4}", "{\"$_9\":1,\"a\u{200C}b\":4,\"ünïcödé\":2,\"ⅷ\":3}"),
        (#"{\u0061b:1,a\u0062c:2}"#, #"{"ab":1,"abc":2}"#), ("{null:1,if:2}", #"{"if":2,"null":1}"#),
        ("{a:1,a:2}", #"{"a":2}"#), ("{a:{b:[{}]}}", #"{"a":{"b":[{}]}}"#), ("{\"\":1}", #"{"":1}"#),
        // Arrays (section 4)
        ("[1,]", "[1]"), ("[1,2,[3]]", "[1,2,[3]]"),
        // Texts (section 5)
        (#"'it is "so"'"#, #""it is \"so\"""#), (#""it's""#, #""it's""#), (#"'\''"#, #""'""#),
        (#"'\b\f\n\r\t\v\0'"#, #""\b\f\n\r\t\u000b\u0000""#), (#"'\x41\u00e4'"#, #""Aä""#),
        (#"'\ud83c\udf89'"#, #""🎉""#), (#"'\a\/\"\\'"#, #""a/\"\\""#), ("'one \\\ntwo'", #""one two""#),
        ("'one \\\r\ntwo'", #""one two""#), ("'one \\\u{2028}two'", #""one two""#), ("'a\u{2028}b'", "\"a\u{2028}b\""),
        ("'a\tb'", #""a\tb""#), ("'// no comment'", #""// no comment""#),
        // Numbers (section 6)
        ("0", "0"), ("-1", "-1"), ("+1", "1"), (".5", "0.5"), ("5.", "5"), ("-.5e-1", "-0.05"), ("1e3", "1000"),
        ("1E+2", "100"), ("0xdecaf", "912559"), ("0XA", "10"), ("-0xff", "-255"), ("Infinity", #""inf""#),
        ("-Infinity", #""-inf""#), ("+Infinity", #""inf""#), ("NaN", #""nan""#), ("-NaN", #""nan""#), ("-0", "-0"),
        ("0.0", "0"), ("9223372036854775807", "9223372036854775807"), ("1e400", #""inf""#),
        ("9223372036854775808", "9.223372036854776e+18"), ("0x10000000000000000", "1.8446744073709552e+19"),
        // Comments and space (sections 7 and 8)
        ("// a\n1 // b", "1"), ("/* a\n * b */1/**/", "1"), ("//a\r1", "1"), ("//a\u{2029}1", "1"),
        ("\u{FEFF}\u{A0}\u{2003}\t\u{B}\u{C}1\u{3000}", "1"), ("/***/1", "1"),
    ])
    func `what JSON5 allows means what it says`(text: String, json: String) throws {
        #expect(String(decoding: try value(text).bytes, as: UTF8.self) == json)
    }

    @Test(arguments: [
        ("", 1, 1, JSON5Problem.Kind.unexpected(nil, wanted: .value)),
        ("// only this", 1, 13, .unexpected(nil, wanted: .value)),
        ("{a:1} x", 1, 7, .unexpected("x", wanted: .end)), ("{,}", 1, 2, .unexpected(",", wanted: .name)),
        ("{\n  a 1}", 2, 5, .unexpected("1", wanted: .colon)),
        ("{a:1 b:2}", 1, 6, .unexpected("b", wanted: .commaOrBrace)),
        ("{a-b:1}", 1, 3, .unexpected("-", wanted: .colon)), ("{9a:1}", 1, 2, .unexpected("9", wanted: .name)),
        ("{a:}", 1, 4, .unexpected("}", wanted: .value)), ("{a:1,,}", 1, 6, .unexpected(",", wanted: .name)),
        ("[,]", 1, 2, .unexpected(",", wanted: .value)), ("[1,,2]", 1, 4, .unexpected(",", wanted: .value)),
        ("[1 2]", 1, 4, .unexpected("2", wanted: .commaOrBracket)),
        ("[1}", 1, 3, .unexpected("}", wanted: .commaOrBracket)),
        ("{a:[1]", 1, 7, .unexpected(nil, wanted: .commaOrBrace)), ("{", 1, 2, .unexpected(nil, wanted: .name)),
        ("{\r\n\ra: yes}", 3, 4, .unknownWord("yes")), ("True", 1, 1, .unknownWord("True")),
        (#"tru\u0065"#, 1, 1, .unknownWord("tru")),
        ("{a: 'b\n'}", 1, 5, .unclosedText), ("'a", 1, 1, .unclosedText), ("'a\"", 1, 1, .unclosedText),
        ("'a\\", 1, 3, .badEscape), ("1 /* 2", 1, 3, .unclosedComment), ("/*/", 1, 1, .unclosedComment),
        (#"'\1'"#, 1, 2, .badEscape), (#"'\01'"#, 1, 2, .badEscape), (#"'\xZ1'"#, 1, 2, .badEscape),
        (#"'\u12'"#, 1, 2, .badEscape), (#"{a\u0020:1}"#, 1, 3, .badEscape), (#"{\n:1}"#, 1, 2, .badEscape),
        (#"'\ud83c'"#, 1, 2, .loneSurrogate), (#"'\udf89'"#, 1, 2, .loneSurrogate),
        (#"'\ud83c\u0041'"#, 1, 2, .loneSurrogate), ("01", 1, 1, .badNumber("01")),
        ("1.2.3", 1, 1, .badNumber("1.2.3")),
        ("0x", 1, 1, .badNumber("0x")), ("0xg", 1, 1, .badNumber("0xg")), ("1e", 1, 1, .badNumber("1e")),
        (".", 1, 1, .badNumber(".")), ("+", 1, 1, .badNumber("+")), ("--1", 1, 1, .badNumber("-")),
        ("10km", 1, 1, .badNumber("10km")), ("1_000", 1, 1, .badNumber("1_000")), ("-nan", 1, 1, .badNumber("-nan")),
    ])
    func `what it does not is refused where it stands`(text: String, line: Int, column: Int, kind: JSON5Problem.Kind) {
        #expect(throws: JSON5Problem(kind, at: TextPlace(line: line, column: column))) { try value(text) }
    }

    @Test func `bytes that are not UTF-8 are refused where they stand`() {
        #expect(throws: JSON5Problem(.notUTF8, at: TextPlace(line: 2, column: 2))) {
            try JSON5Parser.parse(Array("{\n".utf8) + [0x61, 0xFF])
        }
    }

    @Test func `depth and size are bounded`() throws {
        var limits = JSON5Parser.Limits()
        limits.byteCount = 64
        limits.depth = 3
        let node = try JSON5Parser.parse(Array("[[{a:1}]]".utf8), limits: limits)
        #expect(node.value.bytes == Array(#"[[{"a":1}]]"#.utf8))
        #expect(throws: JSON5Problem(.tooDeep(limit: 3), at: TextPlace(line: 1, column: 4))) {
            try JSON5Parser.parse(Array("[[[[]]]]".utf8), limits: limits)
        }
        #expect(throws: JSON5Problem(.tooLong(limit: 64), at: .start)) {
            try JSON5Parser.parse(Array(repeating: 0x20, count: 65), limits: limits)
        }
        #expect(throws: JSON5Problem.self) {
            try JSON5Parser.parse(Array(repeating: UInt8(ascii: "["), count: 1 << 20))
        }
    }

    @Test func `every value and name knows its place`() throws {
        let root = try JSON5Parser.parse(Array("/* ä */ {\n  'a': [1,\r\n    x],\n}".replacing("x", with: "2").utf8))
        #expect(root.place == TextPlace(line: 1, column: 9))
        guard case .object(let members) = root.content, case .array(let elements)? = members.first?.value.content else {
            Issue.record("no list in an object")
            return
        }
        #expect(members[0].place == TextPlace(line: 2, column: 3))
        #expect(elements.map(\.place) == [TextPlace(line: 2, column: 9), TextPlace(line: 3, column: 5)])
    }

    @Test func `a problem says where it is and what would do`() {
        let problem = JSON5Problem(.unexpected("\u{2028}", wanted: .colon), at: TextPlace(line: 3, column: 7))
        #expect("\(problem)" == "line 3, column 7: “U+2028” cannot stand here; put a colon")
    }
}
