import Sound
import VoiceCore
import Wire

/// One job's audio on its way from a server into a take.
struct ReceivedAudio {
    let job: JobID
    let take = Take()
    let format: AudioFormat
    /// The job time of the take's first sample.
    let base: Duration
    private(set) var channel: UInt32
    private(set) var isOpen = true
    private var decoder: ChannelDecoder
    /// Samples of the channel that the take holds already.
    private var surplus = 0

    /// - Returns: Nil for a codec that is not decoded here.
    init?(_ begin: AudioBegin) {
        guard let decoder = ChannelDecoder(begin) else { return nil }
        self.decoder = decoder
        job = begin.job
        channel = begin.channel
        format = AudioFormat(sampleRate: begin.format.sampleRate)
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
        decoder = next.decoder
        return true
    }

    /// Adds what a frame holds.
    ///
    /// - Returns: False if that was no audio; the sound ends before it.
    mutating func append(_ payload: [UInt8]) -> Bool {
        guard isOpen else { return true }
        do throws(OpusError) {
            add(try decoder.decode(payload))
            return true
        } catch {
            end()
            return false
        }
    }

    private mutating func add(_ received: [Int16]) {
        var samples = received[...]
        let dropped = min(surplus, samples.count)
        surplus -= dropped
        samples = samples.dropFirst(dropped)
        guard !samples.isEmpty else { return }
        take.append(AudioChunk(format: format, samples: Array(samples)))
    }

    /// The channel is complete.
    ///
    /// - Parameter timestamp: Where it ends, in samples of job time modulo 2³².
    mutating func complete(at timestamp: UInt32) {
        guard isOpen else { return }
        add(decoder.finish(at: timestamp))
        end()
    }

    /// Nothing more comes.
    mutating func end() {
        isOpen = false
        take.end(.complete)
    }
}
