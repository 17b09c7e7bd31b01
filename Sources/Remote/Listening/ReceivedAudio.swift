import Sound
import VoiceCore
import Wire

/// One job's audio on its way from a server into a take.
struct ReceivedAudio: Sendable {
    let job: JobID
    let take = Take()
    let format: AudioFormat
    /// The job time of the take's first sample.
    let base: Duration
    private(set) var channel: UInt32
    private(set) var isOpen = true
    /// Samples of the channel that the take holds already.
    private var surplus = 0

    init(_ begin: AudioBegin) {
        job = begin.job
        channel = begin.channel
        format = AudioFormat(sampleRate: begin.sampleRate)
        base = begin.start
    }

    /// Up to here the audio is there, in job time.
    var received: Duration { base + take.duration }

    /// Goes on with another channel of the same job.
    ///
    /// - Returns: False if it leaves a gap or has another format, so that a new take is needed.
    mutating func `continue`(with next: ReceivedAudio) -> Bool {
        guard isOpen, next.job == job, next.format == format, next.base <= received, next.base >= base
        else { return false }
        surplus = format.sampleCount(in: received - next.base)
        channel = next.channel
        return true
    }

    /// Adds the samples of a frame.
    mutating func append(_ received: [Int16]) {
        var samples = received[...]
        let dropped = min(surplus, samples.count)
        surplus -= dropped
        samples = samples.dropFirst(dropped)
        guard isOpen, !samples.isEmpty else { return }
        take.append(AudioChunk(format: format, samples: Array(samples)))
    }

    mutating func end() {
        isOpen = false
        take.end(.complete)
    }
}
