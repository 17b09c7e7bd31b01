import Testing
import hearsay_sherpa

@Suite struct SherpaOptionsTests {
    @Test func `a model is called after its folder unless it is given a name`() {
        #expect(SherpaOptions(["--model", "/m/anna", "--socket", "/s"])?.name == "anna")
        #expect(SherpaOptions(["--model", "/m/anna", "--inspect", "--name", "ben"])?.name == "ben")
    }

    @Test func `a detector has no model`() {
        #expect(SherpaOptions(["--vad", "/v.onnx", "--socket", "/s"])?.detector == "/v.onnx")
    }

    @Test(arguments: [
        [], ["--model", "/m"], ["--socket", "/s"], ["--model", "/m", "--inspect", "--socket", "/s"],
        ["--model", "/m", "--inspect", "--threads", "0"], ["--model", "/m", "--inspect", "--memory"],
        ["--model", "/m", "--inspect", "--colour", "red"], ["--vad", "/v", "--inspect"],
        ["--vad", "/v", "--model", "/m", "--socket", "/s"],
    ])
    func `words that are not understood are refused`(_ words: [String]) {
        #expect(SherpaOptions(words) == nil)
    }
}
