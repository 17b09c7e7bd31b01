import Sound
import Testing
import VoiceCore
import Wire

@testable import hearsay

@Suite struct PlayOptionsTests {
    private func options(_ arguments: String...) throws -> PlayOptions {
        try PlayOptions(ArgumentParser(.play).parse(arguments))
    }

    @Test func `without options it is the default speaker with plain samples`() throws {
        let options = try options()
        #expect(options.speakers == [nil] && options.target == nil && options.quiet == nil)
        let request = options.request(device: nil)
        #expect(request.kind == "play" && request.codecs == [.pcm] && request.trim.volume == nil)
    }

    @Test func `each speaker is a listener of its own, trimmed alike`() throws {
        let options = try options(
            "--speaker", "pulse:hall", "--speaker", "alsa:default", "--volume", "0.5", "--delay", "120ms", "--opus",
            "--mute-voice", "slt", "--mute-session", "builds", "--quiet", "22:00-07:00")
        #expect(options.speakers == ["pulse:hall", "alsa:default"])
        let request = options.request(device: "pulse:hall")
        #expect(request.device == "pulse:hall" && request.codecs == [.opus, .pcm])
        #expect(request.trim.volume == 0.5 && request.trim.delay == .milliseconds(120))
        #expect(request.trim.mutedVoices == ["slt"] && request.trim.mutedSessions == [SessionID("builds")])
        #expect(options.quiet == QuietHours("22:00-07:00"))
    }

    @Test(arguments: [
        ("a.wav", "wav"), ("a.b.OPUS", "opus"), ("a.ogg", "opus"), ("x/y.mp3", "mp3"), ("a.flac", "flac"), ("-", "wav"),
    ])
    func `the ending of a file says how it is packed`(path: String, format: String) throws {
        let target = try #require(try options("--output", path).target)
        #expect(target.path == path && target.format.rawValue == format)
    }

    @Test(arguments: [
        ["--output", "a.aac"], ["--output", "wav"], ["--output", "a.wav", "--speaker", "pulse:x"], ["--volume", "0"],
        ["--volume", "3"], ["--delay", "2s"], ["--quiet", "night"], ["--session", "a", "--everyone"],
    ])
    func `what cannot be done is refused by name`(arguments: [String]) throws {
        #expect(throws: UsageError.self) { try PlayOptions(ArgumentParser(.play).parse(arguments)) }
    }

    @Test func `a notification is text, whatever it contains`() {
        #expect(DesktopNotifier.body("<b>a</b> & c") == "&lt;b&gt;a&lt;/b&gt; &amp; c")
        #expect(DesktopNotifier.body(String(repeating: "a", count: 1_000)).count == 300)
    }
}
