/// How much the dispatcher takes.
package struct SpeakingLimits: Hashable, Sendable {
    /// How many jobs may wait or sound at once.
    package var jobs: Int
    /// How many of them may belong to one session.
    package var jobsPerSession: Int
    /// How long a text may be, in bytes of UTF-8 (PROTOCOL.md, section 4).
    package var textBytes: Int

    package init(jobs: Int = 1_000, jobsPerSession: Int = 500, textBytes: Int = 65_536) {
        self.jobs = jobs
        self.jobsPerSession = jobsPerSession
        self.textBytes = textBytes
    }
}
