import Sound
import VoiceCore

/// Decides what is reported of a playback, from what the device says of itself.
struct PlaybackRules: Sendable {
    /// How far the end of the audio is.
    enum Ending: Hashable, Sendable {
        case notWritten
        case draining
        case drained
    }

    /// PROTOCOL.md, section 5.4: how often a listener tells where it is.
    private static let progressInterval = Duration.milliseconds(250)
    /// PROTOCOL.md, section 5.4: a listener that takes nothing for this long is gone.
    static let patience = Duration.seconds(1)

    private let format: AudioFormat
    private let firstSample: Int
    private let prebufferCount: Int
    private var isSent = false
    private var nextProgress: Duration?
    private var movement: Movement

    /// - Parameters:
    ///   - firstSample: The first one written, counted from the job's first one.
    ///   - prebufferCount: Fewer samples than this may lie in the device without moving.
    ///   - now: From any origin; the same for `observe`.
    init(format: AudioFormat, firstSample: Int, prebufferCount: Int, at now: Duration) {
        self.format = format
        self.firstSample = firstSample
        self.prebufferCount = prebufferCount
        movement = Movement(at: now)
    }

    /// Where a sample of the device lies in the job.
    func position(_ sample: Int) -> Duration {
        format.duration(of: firstSample + sample)
    }

    /// Takes in how far the device is.
    mutating func observe(_ reading: DeviceReading, _ ending: Ending, at now: Duration) -> [PlaybackReport] {
        var reports: [PlaybackReport] = []
        let hasEnded = ending == .drained && reading.written > 0
        // Counted from here, so that a device may first play the silence it already has.
        if !isSent, reading.taken > 0 || hasEnded {
            isSent = true
            reports.append(.sent)
        }
        if nextProgress == nil, reading.played > 0 || hasEnded {
            nextProgress = now + Self.progressInterval
            reports.append(.started(at: position(0)))
        }
        if ending == .drained { return reports + [.finished(at: position(reading.written))] }
        if let end = endByStanding(reading, ending, at: now) { return reports + [end] }
        if let next = nextProgress, next <= now {
            nextProgress = max(next + Self.progressInterval, now)
            reports.append(.progress(at: position(reading.played)))
        }
        return reports
    }

    private mutating func endByStanding(
        _ reading: DeviceReading, _ ending: Ending, at now: Duration
    ) -> PlaybackReport? {
        let mustMove = reading.written - reading.taken >= max(1, prebufferCount) || ending == .draining
        guard movement.observe(reading, mustMove: mustMove, at: now) >= Self.patience else { return nil }
        if ending == .draining, reading.played == reading.written { return .finished(at: position(reading.written)) }
        return nextProgress == nil ? .failed(reason: DeviceError.stuck.reason) : .gone
    }
}
