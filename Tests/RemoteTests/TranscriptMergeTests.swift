import Remote
import Testing

@Suite struct TranscriptMergeTests {
    @Test func `what two servers understood counts once`() {
        var merge = TranscriptMerge()
        let story: [(String, Int, Int)] = [
            ("a", 1_000, 2_000), ("b", 1_032, 2_100), ("b", 3_000, 5_000), ("a", 3_000, 4_000), ("a", 4_000, 5_000),
            ("a", 6_000, 7_000), ("a", 6_500, 7_500), ("b", 7_400, 9_000),
        ]
        let isNew = story.map {
            merge.take(from: $0.0, start: .milliseconds($0.1), end: .milliseconds($0.2))
        }
        #expect(isNew == [true, false, true, false, false, true, true, true])
    }

    @Test func `an hour is forgotten as it goes`() {
        var merge = TranscriptMerge()
        let isNew = (0..<3_600).map { merge.take(from: "a", start: .seconds($0), end: .seconds($0 + 1)) }
        #expect(isNew.allSatisfy { $0 })
        #expect(merge.take(from: "b", start: .seconds(10), end: .seconds(11)) == true)
        #expect(merge.take(from: "b", start: .seconds(3_590), end: .seconds(3_591)) == false)
    }
}
