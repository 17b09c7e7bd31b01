import Models
import Testing

@Suite struct TransferProgressTests {
    @Test func `rate and time left follow what came in the last seconds`() {
        var progress = TransferProgress(receivedByteCount: 10_000_000, totalByteCount: 30_000_000, at: .zero)
        #expect(progress.timeLeft == nil)
        for second in 1...10 { progress.add(1_000_000, at: .seconds(second)) }
        #expect(progress.bytesPerSecond == 1_000_000)
        #expect(progress.timeLeft == .seconds(10))
        #expect(progress.text == "20 of 30 MB · 1.0 MB/s · 10 s left")
    }

    @Test func `a line that has become slow is seen to be slow`() {
        var progress = TransferProgress(receivedByteCount: 0, totalByteCount: nil, at: .zero)
        progress.add(50_000_000, at: .seconds(1))
        for second in 2...12 { progress.add(100_000, at: .seconds(second)) }
        #expect((progress.bytesPerSecond ?? 0) < 200_000)
        #expect(progress.timeLeft == nil)
    }
}
