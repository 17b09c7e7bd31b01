package import Sound
package import VoiceCore
package import JSON

/// The message that opens a channel of audio.
package struct AudioBegin: Hashable, Sendable {
    package var listener: ListenerID
    package var job: JobID
    /// Odd.
    package var channel: UInt32
    /// Of the frames that follow.
    package var format: StreamFormat
    /// Where the first sample stands, in job time.
    package var start: Duration
    /// Samples before that one, to be dropped behind the decoder.
    package var preSkip: Int

    package init(
        listener: ListenerID, job: JobID, channel: UInt32, format: StreamFormat, start: Duration, preSkip: Int = 0
    ) {
        self.listener = listener
        self.job = job
        self.channel = channel
        self.format = format
        self.start = start
        self.preSkip = preSkip
    }

    /// Reads what a server sent; nil if it is another message or lacks a member.
    package init?(_ message: JSONValue) {
        guard message["type"] == "audio.begin", let listener = message["listener_id"]?.text,
            let job = message["job_id"]?.text, let rate = message["sample_rate"]?.whole, rate > 0,
            let channel = message["channel"]?.whole.flatMap(UInt32.init(exactly:)),
            let codec = StreamCodec(rawValue: message["codec"]?.text ?? StreamCodec.pcm.rawValue)
        else { return nil }
        let start = message["from_ms"]?.number ?? 0
        self.init(
            listener: ListenerID(listener), job: JobID(job), channel: channel,
            format: StreamFormat(codec, sampleRate: rate),
            start: .microseconds(Int64(max(0, min(start, 86_400_000)) * 1_000)),
            preSkip: max(0, message["pre_skip"]?.whole ?? 0))
    }

    /// The message; `from_ms` is exact to the sample.
    package var json: [UInt8] {
        JSONText.bytes(
            JSONValue.object([
                "type": "audio.begin", "listener_id": .string(listener.rawValue), "job_id": .string(job.rawValue),
                "channel": .integer(Int(channel)), "codec": .string(format.codec.rawValue),
                "sample_rate": .integer(format.sampleRate),
                "channels": 1, "from_ms": .double(start / .milliseconds(1)), "pre_skip": .integer(preSkip),
            ]))
    }
}
