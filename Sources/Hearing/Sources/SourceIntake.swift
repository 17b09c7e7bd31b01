internal import Flow
package import VoiceCore

/// Where the frames of a source go in, from one connection at a time.
package final class SourceIntake: Sendable {
    private struct State: Sendable {
        var owner: ObjectIdentifier?
        var nextSequence: UInt32 = 0
        var lastAck: Duration?
    }

    /// PROTOCOL.md, section 4: how often is told what was received.
    private static let ackInterval = Duration.milliseconds(500)

    package let id: SourceID
    let pipeline: SourcePipeline
    private let format: SourceFormat
    private let timeline: Timeline
    private let state = Monitor(State())

    init(_ pipeline: SourcePipeline, timeline: Timeline) {
        id = pipeline.description.id
        format = pipeline.description.format
        self.pipeline = pipeline
        self.timeline = timeline
    }

    /// Which frame comes next.
    var nextSequence: UInt32 { state.withLock { $0.nextSequence } }

    /// From now on only frames of this client are taken; nil for none.
    func belong(to link: (any SourceLink)?) {
        state.withLock { state in
            state.owner = link.map { ObjectIdentifier($0) }
            state.lastAck = nil
        }
    }

    /// Takes a frame.
    ///
    /// - Returns: The number up to which all was received, where that is due to be told.
    package func take(
        _ payload: [UInt8], sequence: UInt32, timestamp: UInt32, from link: any SourceLink
    ) throws(BadAudio) -> UInt32? {
        let sampleCount = try SourceDecoder.sampleCount(of: payload, format)
        let now = timeline.now
        let (isOwner, isDue) = state.withLock { state in
            guard state.owner == ObjectIdentifier(link) else { return (false, false) }
            state.nextSequence = sequence &+ 1
            let isDue = state.lastAck.map { now - $0 >= Self.ackInterval } ?? true
            if isDue { state.lastAck = now }
            return (true, isDue)
        }
        guard isOwner else { return nil }
        pipeline.take(timestamp: timestamp, payload: payload, sampleCount: sampleCount)
        return isDue ? sequence : nil
    }
}
