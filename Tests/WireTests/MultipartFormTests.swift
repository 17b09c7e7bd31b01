import Testing
import Wire

@Suite struct MultipartFormTests {
    private static let type = "multipart/form-data; boundary=\"x y\""

    private static func body(_ parts: [(head: String, content: [UInt8])], preamble: String = "") -> [UInt8] {
        var body = Array(preamble.utf8)
        for part in parts { body += Array("--x y\r\n\(part.head)\r\n\r\n".utf8) + part.content + [13, 10] }
        return body + Array("--x y--\r\n".utf8)
    }

    private static func field(_ name: String, _ value: String) -> (head: String, content: [UInt8]) {
        ("Content-Disposition: form-data; name=\"\(name)\"", Array(value.utf8))
    }

    @Test(arguments: ["", "a preamble\r\n"])
    func `parts are found by name, with every byte of their content`(preamble: String) throws {
        let content: [UInt8] = [13, 10, 45, 45, 120, 13, 0, 255, 10, 13]
        let head = "content-type: audio/x-wav\r\ncontent-disposition: form-data; name=file; filename=\"a; \\\"b.wav\""
        let body = Self.body([Self.field("model", "whisper-1"), (head, content)], preamble: preamble)
        let form = try MultipartForm(body, contentType: Self.type)
        #expect(try form.text("model") == "whisper-1" && form.text("absent") == nil)
        #expect(form.parts.map(\.name) == ["model", "file"])
        #expect(form.parts[1].fileName == "a; \"b.wav" && Array(form.parts[1].content) == content)
    }

    @Test func `every cut is refused`() {
        let body = Self.body([Self.field("a", "1"), Self.field("b", "2")])
        for count in 0..<(body.count - 4) {
            #expect(throws: WireError.invalidForm) { try MultipartForm(Array(body[..<count]), contentType: Self.type) }
        }
    }

    @Test(arguments: [nil, "application/json", "multipart/form-data", "multipart/form-data; boundary=\"\""])
    func `another content type is refused`(type: String?) {
        #expect(throws: WireError.invalidForm) { try MultipartForm(Self.body([]), contentType: type) }
    }

    @Test func `a part without a name and too many parts are refused`() {
        let nameless = Self.body([("Content-Disposition: form-data", [])])
        #expect(throws: WireError.invalidForm) { try MultipartForm(nameless, contentType: Self.type) }
        let many = Self.body(Array(repeating: Self.field("a", "b"), count: 101))
        #expect(throws: WireError.invalidForm) { try MultipartForm(many, contentType: Self.type) }
    }

    @Test(
        arguments: [
            (["model": "m"], WireError.missingField("file")), (["file": "f"], .missingField("model")),
            (
                ["file": "f", "model": "m", "response_format": "pdf"],
                .outOfRange(
                    field: "response_format", allowed: "json, text, srt, verbose_json or vtt")
            ),
            (["file": "f", "model": "m", "response_format": "diarized_json"], .notSupported("response_format")),
            (["file": "f", "model": "m", "stream": "maybe"], .wrongType(field: "stream", wanted: "true or false")),
        ] as [([String: String], WireError)])
    func `what a transcription lacks is named`(fields: [String: String], error: WireError) throws {
        let body = Self.body(fields.sorted { $0.key < $1.key }.map { Self.field($0.key, $0.value) })
        let form = try MultipartForm(body, contentType: Self.type)
        #expect(throws: error) { try TranscriptionForm(form) }
    }
}
