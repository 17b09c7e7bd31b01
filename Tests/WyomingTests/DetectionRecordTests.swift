import Testing
import Wyoming

@Suite struct DetectionRecordTests {
    @Test func `questions arrive as they were asked`() {
        let samples = (0..<512).map { Int16(truncatingIfNeeded: $0 * 257 - 32_768) }
        let question = DetectionQuestion(stream: 0xFFFF_FFFE, sequence: 7, purpose: .begins, samples: samples)
        var bytes: [UInt8] = [9]
        question.write(to: &bytes)
        #expect(bytes.count == 1 + 12 + 1_024)
        #expect(Array(bytes[1..<13]) == [0xFE, 0xFF, 0xFF, 0xFF, 7, 0, 0, 0, 1, 0, 0, 0])
        #expect(DetectionQuestion(bytes[1...]) == question)
    }

    @Test func `the end of a stream has the size of a window, and none in it`() {
        var bytes: [UInt8] = []
        DetectionQuestion(stream: 1, sequence: 2, purpose: .ends, samples: []).write(to: &bytes)
        #expect(bytes.count == DetectionQuestion.byteCount)
        #expect(DetectionQuestion(bytes[...])?.purpose == .ends)
    }

    @Test func `a question for what nobody knows is none`() {
        var bytes = [UInt8](repeating: 0, count: DetectionQuestion.byteCount)
        bytes[8] = 3
        #expect(DetectionQuestion(bytes[...]) == nil)
    }

    @Test(arguments: [0, 0.25, 1] as [Float])
    func `answers arrive as they were given`(_ probability: Float) {
        let answer = DetectionAnswer(stream: 3, sequence: .max, probability: probability)
        var bytes: [UInt8] = [1, 2]
        answer.write(to: &bytes)
        #expect(bytes.count == 2 + DetectionAnswer.byteCount)
        #expect(DetectionAnswer(bytes[2...]) == answer)
    }
}
