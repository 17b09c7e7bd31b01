import Testing

@testable import Gateway

@Suite struct PAITextTests {
    @Test(
        arguments: [
            ("Fixed **all** of *it* in `main`", "Fixed all of it in main"),
            ("## Done\n### Next", "Done\nNext"),
            ("<SCRIPT>alert()</script> ../../etc", "alert()/script etc"),
            ("a & b | c > d < e $HOME; \\n", "a  b  c  d  e HOME n"),
            ("  [🎉 celebration] Released. ", "[🎉 celebration] Released."),
            ("`$;", ""),
        ])
    func `a text is cleaned as PAI's server does`(_ text: String, _ cleaned: String) {
        #expect(PAIText.cleaned(text) == cleaned)
    }

    @Test(
        arguments: [
            (#"{"message":"\#(String(repeating: "é", count: 500))"}"#, nil),
            (
                #"{"message":"\#(String(repeating: "🎉", count: 251))"}"#,
                "Invalid message: Message too long (max 500 characters)"
            ),
            (#"{"title":["x"]}"#, "Invalid title: Invalid input type"),
            (#"{"message":"&&"}"#, "Invalid message: Message contains no valid content after sanitization"),
            (#"{"voice_id":{}}"#, "Invalid voice_id"), ("[]", "Invalid JSON"), ("", "Invalid JSON"),
            (#"{"message":"","title":null,"voice_id":"","volume":"loud"}"#, nil),
        ] as [(String, String?)])
    func `what cannot be said is refused in PAI's words`(_ body: String, _ words: String?) {
        do throws(PAIRefusal) {
            _ = try PAINotification(Array(body.utf8), as: .notify)
            #expect(words == nil)
        } catch {
            #expect(error.message == words && error.status == 400)
        }
    }

    @Test func `numbers out of range are taken to its end`() throws {
        let body = #"{"message":"Hi.","volume":7,"voice_settings":{"speed":0.1}}"#
        let notification = try PAINotification(Array(body.utf8), as: .notify)
        #expect(notification.volume == 2 && notification.speed == 0.25 && notification.hasOwnSettings)
    }

    @Test func `voices are found by id and by name in all three spellings`() throws {
        let settings = try PAISettings(
            settings: Array(
                #"{"daidentity":{"voices":{"main":{"VOICE_ID":"m1"},"x":{"voiceId":"x1","voiceName":"Kai"}}}}"#.utf8),
            voices: Array(#"{"default_volume":0.5,"voices":{"intern":{"voice_id":"i1"},"none":{}}}"#.utf8))
        #expect(settings.names == ["intern", "main", "x"] && settings.main?.id == "m1")
        #expect(settings.entry(for: "kai")?.id == "x1" && settings.entry(for: "i1")?.volume == 0.5)
        #expect(settings.entry(for: "nobody") == nil)
        let old = #"{"daidentity":{"voiceId":"old","voice":{"speed":1.5,"stability":0.3}}}"#
        let main = try PAISettings(settings: Array(old.utf8), voices: nil).main
        #expect(main?.id == "old" && main?.speed == 1.5)
        #expect(throws: PAIFileProblem(file: "voices.json")) { try PAISettings(settings: nil, voices: [0x5B]) }
    }
}
