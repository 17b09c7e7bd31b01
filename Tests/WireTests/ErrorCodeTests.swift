import Testing
import Wire

@Suite struct ErrorCodeTests {
    @Test(arguments: ErrorCode.allCases)
    func `every code has an error status, a close code and advice`(code: ErrorCode) {
        #expect((400...599).contains(code.status))
        #expect((1_001...1_013).contains(code.closeCode) || (4_400...4_499).contains(code.closeCode))
        #expect(!code.advice.isEmpty && !code.advice.hasSuffix("."))
    }

    @Test func `an error says what happened, what to do and where`() {
        let reply = ErrorReply(WireError.outOfRange(field: "speed", allowed: "0.25 to 4.0"))
        #expect(
            String(decoding: reply.body, as: UTF8.self)
                == #"{"error":{"code":"out_of_range","field":"speed","message":"the field \"speed\" allows 0.25 to 4.0; choose a value within the stated range"}}"#
        )
    }

    @Test func `an error may bring advice of its own, or none`() {
        let reply = ErrorReply(.unknownSource, "there is none", advice: "send audio_start first")
        #expect(reply.message == "there is none; send audio_start first")
        #expect(ErrorReply(.unknownSource, "there is none", advice: "").message == "there is none")
        #expect(ErrorReply(.unknownSource).message == ErrorCode.unknownSource.advice)
        // What must be sent stands in the sentence.
        let since = ErrorReply(WireError.wrongType(field: "since", wanted: "a time such as 2026-11-21"))
        #expect(since.message == "the field \"since\" must be a time such as 2026-11-21")
    }

    @Test func `a name from outside does not make an answer long`() {
        let reply = ErrorReply(WireError.unknownField(String(repeating: "x", count: 10_000)))
        #expect(reply.body.count < 400)
    }
}
