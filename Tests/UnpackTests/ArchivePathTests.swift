import Testing
import hearsay_unpack

@Suite struct ArchivePathTests {
    @Test(arguments: ["/etc/passwd", "../x", "a/../../x", "a/..", "..", "a\\b", "a/\u{0}b"])
    func `a name that could lead elsewhere is no path`(_ name: String) {
        #expect(ArchivePath(name) == nil)
    }

    @Test(arguments: [
        ("model/tokens.txt", ["model", "tokens.txt"]), ("./model//a", ["model", "a"]), ("model/", ["model"]), (".", []),
        ("a/...", ["a", "..."]), ("ö/ü", ["ö", "ü"]),
    ])
    func `a plain name keeps its parts`(_ name: String, _ parts: [String]) {
        #expect(ArchivePath(name)?.parts == parts)
    }

    @Test func `a name that is too long or too deep is no path`() {
        #expect(ArchivePath(String(repeating: "x", count: 256)) == nil)
        #expect(ArchivePath(String(repeating: "x/", count: 17)) == nil)
    }
}
