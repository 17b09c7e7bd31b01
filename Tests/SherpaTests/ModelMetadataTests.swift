import Glibc
import Testing
import hearsay_sherpa

@Suite struct ModelMetadataTests {
    /// A field of a message: its number and its content.
    private func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        [number << 3 | 2, UInt8(content.count)] + content
    }

    private func entry(_ key: String, _ value: String) -> [UInt8] {
        field(14, field(1, Array(key.utf8)) + field(2, Array(value.utf8)))
    }

    private func read(_ bytes: [UInt8]) throws -> ModelMetadata? {
        let path = "/tmp/hearsay-metadata-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        let file = unsafe try #require(fopen(path, "w"))
        unsafe fwrite(bytes, 1, bytes.count, file)
        unsafe fclose(file)
        defer { unsafe unlink(path) }
        return ModelMetadata(file: path)
    }

    @Test func `entries are found before and after the graph, which is passed over`() throws {
        let graph = field(7, Array(repeating: 0xFF, count: 100))
        let metadata = try read([0x08, 0x08] + entry("model_type", "vits") + graph + entry("sample_rate", "22050"))
        #expect(metadata?["model_type"] == "vits")
        #expect(metadata?["sample_rate"] == "22050")
        #expect(metadata?["voice"] == nil)
    }

    @Test func `a file that is cut anywhere is no model`() throws {
        let bytes = [0x08, 0x08] + field(7, Array(repeating: 1, count: 60)) + entry("model_type", "vits")
        // At the ends of fields it is a shorter, whole message.
        let ends: Set = [2, 64]
        for count in 0..<bytes.count where !ends.contains(count) {
            #expect(try read(Array(bytes.prefix(count))) == nil, "after \(count) bytes")
        }
    }

    @Test(arguments: ["<!DOCTYPE html><html></html>", "version https://git-lfs.github.com/spec/v1\n", "PK\u{3}\u{4}"])
    func `something else is no model`(_ text: String) throws {
        #expect(try read(Array(text.utf8)) == nil)
    }
}
