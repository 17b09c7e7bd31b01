/// What a source's client keeps of its audio, so that an outage costs nothing (PROTOCOL.md, section 4).
///
/// Frames are numbered without end here; on the wire their numbers and timestamps are cut to 32 bits.
package struct ResendWindow: Sendable {
    /// PROTOCOL.md, section 4: the client keeps its last 30 s, acknowledged or not.
    package static let length = Duration.seconds(30)

    /// A frame that is to be sent.
    package struct Frame: Hashable, Sendable {
        package var number: Int
        /// Of its first sample.
        package var position: Int
        package var sampleCount: Int
        package var payload: [UInt8]

        /// Its bytes on a channel.
        package func bytes(on channel: UInt32) -> [UInt8] {
            let header = AudioFrameHeader(
                kind: .audioIn, flags: number == 0 ? .first : [], channel: channel,
                sequence: UInt32(truncatingIfNeeded: number), timestamp: UInt32(truncatingIfNeeded: position))
            return header.bytes() + payload
        }
    }

    private let sampleRate: Int
    private var frames: [Frame] = []
    private var head = 0
    private var nextNumber = 0
    private var nextPosition = 0
    /// The number of the frame that is sent next.
    private var unsentNumber = 0
    private var keptCount = 0

    package init(sampleRate: Int) {
        self.sampleRate = sampleRate
    }

    /// How much waits to be sent.
    package var unsent: Duration {
        let first = frame(unsentNumber)?.position ?? nextPosition
        return duration(of: nextPosition - first)
    }

    /// Adds what was heard next; the oldest goes.
    package mutating func append(_ payload: [UInt8], sampleCount: Int) {
        frames.append(
            Frame(number: nextNumber, position: nextPosition, sampleCount: sampleCount, payload: payload))
        nextNumber += 1
        nextPosition += sampleCount
        keptCount += sampleCount
        while duration(of: keptCount) > Self.length { dropOldest() }
    }

    /// Leaves out audio that nobody is to hear.
    package mutating func skip(_ sampleCount: Int) {
        nextPosition += sampleCount
    }

    /// The next frame to send, which counts as sent now.
    package mutating func takeNext() -> Frame? {
        guard let frame = frame(unsentNumber) else { return nil }
        unsentNumber = frame.number + 1
        return frame
    }

    /// Goes on with the frame of a number, which the server has not got; with the oldest if that is gone.
    package mutating func goBack(toSequence sequence: UInt32) {
        let distance = Int32(bitPattern: sequence &- UInt32(truncatingIfNeeded: nextNumber))
        unsentNumber = max(0, min(nextNumber, nextNumber + Int(distance)))
    }

    /// Goes on with the frame that holds a moment, in time since the source's first sample.
    package mutating func goBack(to moment: Duration) {
        let position = Int((moment / .seconds(1) * Double(sampleRate)).rounded(.down))
        unsentNumber = frames[head...].first { $0.position + $0.sampleCount > position }?.number ?? nextNumber
    }

    /// The frame of a number, or the oldest one after it.
    private func frame(_ number: Int) -> Frame? {
        guard head < frames.count else { return nil }
        let index = head + max(0, number - frames[head].number)
        return index < frames.count ? frames[index] : nil
    }

    private mutating func dropOldest() {
        keptCount -= frames[head].sampleCount
        head += 1
        if head >= 256 {
            frames.removeFirst(head)
            head = 0
        }
    }

    private func duration(of sampleCount: Int) -> Duration {
        .nanoseconds(Int64(sampleCount) * 1_000_000_000 / Int64(sampleRate))
    }
}
