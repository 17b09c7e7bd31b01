import Flow
import Net
import VoiceCore
import Wire

/// Encodes each event once, however many connections send it.
final class EventFrames: Sendable {
    /// Subscribers that keep up read a fact within few others; those behind encode again.
    private static let factLimit = 512
    private static let readingLimit = 64
    /// Larger ones are not kept, so that the table stays below 8 MiB.
    private static let byteLimit = 16 * 1_024

    private struct Contents: Sendable {
        /// At the place of its number modulo the limit.
        var facts: [Int: (sequence: UInt64, frame: Frame)] = [:]
        var readings: [String: (event: Event, frame: Frame)] = [:]
    }

    private let contents = Monitor(Contents())

    /// The frame of a numbered event.
    func frame(of event: Event, sequence: UInt64) -> Frame {
        let place = Int(sequence % UInt64(Self.factLimit))
        let kept = contents.withLock { $0.facts[place] }
        if let kept, kept.sequence == sequence { return kept.frame }
        let frame = Frame.text(WireEvent.json(event, sequence: sequence))
        if frame.byteCount <= Self.byteLimit {
            contents.withLock { $0.facts[place] = (sequence, frame) }
        }
        return frame
    }

    /// The frame of a reading.
    func frame(of reading: Event) -> Frame {
        let subject = reading.readingSubject ?? ""
        let kept = contents.withLock { $0.readings[subject] }
        if let kept, kept.event == reading { return kept.frame }
        let frame = Frame.text(WireEvent.json(reading, sequence: nil))
        contents.withLock { contents in
            if contents.readings.count >= Self.readingLimit { contents.readings.removeAll() }
            contents.readings[subject] = (reading, frame)
        }
        return frame
    }
}
