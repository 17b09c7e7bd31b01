import JSON
import Testing
import Wire

@testable import Gateway

@Suite struct TTSMessageTests {
    @Test(
        arguments: [
            #"{"type":"speak","text":"Hi.","id":"a"}"#, #"{"command":"SAY","message":"Hi.","job_id":"a"}"#,
            #"{"action":"tts","input":"Hi.","id":"a","speed":9,"extra":[]}"#, #"{"text":"Hi.","id":"a"}"#,
        ])
    func `a text is spoken whatever its fields are called`(_ text: String) throws {
        let message = try TTSMessage(Array(text.utf8))
        #expect(message.command == .speak && message.text == "Hi." && message.id == .string("a"))
        #expect((0.25...4).contains(message.speed))
    }

    @Test(
        arguments: [
            ("abort_current", .abortCurrent), ("abort-all", .abortAll), ("stop", .abortCurrent),
            ("Terminate", .terminate), ("shutdown", .terminate),
        ] as [(String, TTSMessage.Command)])
    func `commands have several names`(_ name: String, _ command: TTSMessage.Command) throws {
        #expect(try TTSMessage(Array(#"{"command":"\#(name)"}"#.utf8)).command == command)
    }

    @Test(
        arguments: [
            ("", "invalid_json"), ("[1]", "invalid_json"), ("{}", "unknown_command"),
            (#"{"type":7}"#, "unknown_command"),
            (#"{"type":"speak"}"#, "missing_field"), (#"{"type":"speak","text":7}"#, "missing_field"),
        ])
    func `what is no command is refused with its code`(_ text: String, _ code: String) {
        #expect { try TTSMessage(Array(text.utf8)) } throws: { ($0 as? ErrorReply)?.code.rawValue == code }
    }

    @Test(
        arguments: [
            ("Emily.wav", "Emily"), ("slt.WAV", "slt"), ("alloy", "alloy"), (".wav", ".wav"), ("a.b.mp3", "a.b"),
            ("../../etc/passwd", "../../etc/passwd"),
        ])
    func `a file name means the voice in front of its ending`(_ file: String, _ name: String) {
        #expect(ChatterboxVoices.name(of: file) == name)
    }
}
