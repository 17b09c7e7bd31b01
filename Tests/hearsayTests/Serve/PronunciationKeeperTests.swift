import Flow
import Glibc
import Speaking
import SpokenText
import Testing

@testable import hearsay

@Suite final class PronunciationKeeperTests {
    private let path = "/tmp/hearsay-pronunciations-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).json"
    private let keeper: PronunciationKeeper

    init() {
        keeper = PronunciationKeeper(path: path, timeline: .live(), log: Log(label: "test"))
    }

    deinit {
        unsafe unlink(path)
    }

    private func write(_ text: String) {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        let bytes = Array(text.utf8)
        #expect(unsafe Glibc.write(file, bytes, bytes.count) == bytes.count)
        close(file)
        keeper.look()
    }

    private var spoken: String {
        var options = ScriptOptions()
        options.pronunciations = keeper.shelf.pronunciations
        return Script("nginx", options).segments.map(\.text.string).joined()
    }

    @Test func `a file that appears, changes and goes is followed`() {
        keeper.look()
        #expect(spoken == "nginx")
        write(#"{"nginx": "engine x"}"#)
        #expect(spoken == "engine x")
        write(#"{"nginx": "engine ex"}"#)
        #expect(spoken == "engine ex")
        unsafe unlink(path)
        keeper.look()
        #expect(spoken == "nginx")
    }

    @Test func `a file that cannot be used leaves what was known`() {
        write(#"{"nginx": "engine x"}"#)
        write(#"{"nginx": "engine "#)
        #expect(spoken == "engine x")
        write(#"{"replacements": [{"term": "nginx"}, {"term": "nginx", "phonetic": "engine ten"}]}"#)
        #expect(spoken == "engine ten")
    }
}
