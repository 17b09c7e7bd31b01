import Testing
import VoiceCore

@Suite struct QuietHoursTests {
    @Test(arguments: [
        ("22:00-07:00", 21 * 60 + 59, false), ("22:00-07:00", 22 * 60, true), ("22:00-07:00", 0, true),
        ("22:00-07:00", 6 * 60 + 59, true), ("22:00-07:00", 7 * 60, false), ("9:30-10:00", 570, true),
        ("9:30-10:00", 600, false), ("9:30-10:00", 0, false), ("0:00-23:59", 1_439, false),
    ])
    func `they begin with the first minute and end before the last`(text: String, minute: Int, isQuiet: Bool) throws {
        #expect(try #require(QuietHours(text)).contains(minute) == isQuiet)
    }

    @Test(arguments: [
        "", "22:00", "22:00-22:00", "24:00-07:00", "22:60-07:00", "22-7", "22:00-07:00-08:00", "22:0-07:00",
        "+2:00-07:00",
        "22:00-", "٢٢:00-07:00",
    ])
    func `what is no two times of the day is refused`(text: String) {
        #expect(QuietHours(text) == nil)
    }

    @Test func `the clock of the machine gives a minute of the day`() {
        #expect((0..<1_440).contains(QuietHours.minuteNow()))
    }

    @Test func `a trim mutes voices and sessions by their names`() {
        var trim = ListenerTrim()
        #expect(!trim.mutes("slt", of: .default))
        trim.mutedVoices = ["slt"]
        #expect(trim.mutes("slt", of: .default) && !trim.mutes("rms", of: .default))
        trim.mutedSessions = [SessionID("builds")]
        #expect(trim.mutes("rms", of: SessionID("builds")))
    }
}
