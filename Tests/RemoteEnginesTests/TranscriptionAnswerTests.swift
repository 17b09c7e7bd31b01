import Testing
import VoiceCore

@testable import RemoteEngines

@Suite struct TranscriptionAnswerTests {
    private func read(_ text: String) throws -> Transcript {
        try TranscriptionAnswer(Array(text.utf8)).transcript
    }

    @Test func `a bare text is enough`() throws {
        #expect(try read(#"{"text":" Hello there. "}"#) == Transcript(text: "Hello there."))
    }

    @Test func `words have their times, and segments tell how sure they are`() throws {
        let transcript = try read(
            #"{"text":"Hello there","language":"en","words":[{"word":" Hello","start":0.1,"end":0.5},{"word":"there","#
                + #""start":0.5,"end":0.9},{"word":"x","start":2,"end":1}],"segments":[{"avg_logprob":0}]}"#)
        #expect(
            transcript.words == [
                TranscriptWord(text: "Hello", start: .milliseconds(100), end: .milliseconds(500)),
                TranscriptWord(text: "there", start: .milliseconds(500), end: .milliseconds(900)),
            ])
        #expect(transcript.confidence == 1 && transcript.language == "en")
    }

    @Test func `a language that is written out is none`() throws {
        #expect(try read(#"{"text":"a","language":"english"}"#).language == nil)
    }

    @Test(arguments: [(0.9, -1.5, ""), (0.9, -0.5, "Thanks."), (0.1, -1.5, "Thanks.")])
    func `what its own model takes for silence is none, whatever the words`(
        _ silence: Double, _ likelihood: Double, _ text: String
    ) throws {
        let answer = #"{"text":"Thanks.","segments":[{"no_speech_prob":\#(silence),"avg_logprob":\#(likelihood)}]}"#
        #expect(try read(answer).text == text)
    }

    @Test(arguments: ["", "<html>", "[]", "{}", #"{"text":7}"#, #"{"text":"cut"#])
    func `anything else is no text`(_ answer: String) {
        #expect(throws: RemoteFault.notText) { try read(answer) }
    }

    @Test func `a form is written as browsers write it`() {
        var form = FormWriter(boundary: "b")
        form.add("model", "m")
        form.add("file", fileName: "a.wav", type: "audio/wav", [1, 2])
        let text =
            "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--b\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\n"
        #expect(form.finished() == Array(text.utf8) + [1, 2] + Array("\r\n--b--\r\n".utf8))
    }
}
