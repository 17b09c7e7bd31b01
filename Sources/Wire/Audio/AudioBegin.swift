package import VoiceCore
package import JSON

/// The message that opens a channel of audio.
package struct AudioBegin: Hashable, Sendable {
    package var listener: ListenerID
    package var job: JobID
    /// Odd.
    package var channel: UInt32
    /// Of the samples that follow, signed 16-bit mono.
    package var sampleRate: Int
    /// Where the first sample stands, in job time.
    package var start: Duration

    package init(listener: ListenerID, job: JobID, channel: UInt32, sampleRate: Int, start: Duration) {
        self.listener = listener
        self.job = job
        self.channel = channel
        self.sampleRate = sampleRate
        self.start = start
    }

    /// Reads what a server sent; nil if it is another message or lacks a member.
    package init?(_ message: JSONValue) {
        guard message["type"] == "audio.begin", let listener = message["listener_id"]?.text,
            let job = message["job_id"]?.text, let rate = message["sample_rate"]?.whole, rate > 0,
            let channel = message["channel"]?.whole.flatMap(UInt32.init(exactly:))
        else { return nil }
        let start = message["from_ms"]?.number ?? 0
        self.init(
            listener: ListenerID(listener), job: JobID(job), channel: channel, sampleRate: rate,
            start: .microseconds(Int64(max(0, min(start, 86_400_000)) * 1_000)))
    }

    /// The message; `from_ms` is exact to the sample.
    package var json: [UInt8] {
        JSONText.bytes(
            JSONValue.object([
                "type": "audio.begin", "listener_id": .string(listener.rawValue), "job_id": .string(job.rawValue),
                "channel": .integer(Int(channel)), "codec": "pcm_s16", "sample_rate": .integer(sampleRate),
                "channels": 1, "from_ms": .double(start / .milliseconds(1)), "pre_skip": 0,
            ]))
    }
}
