internal import Flow
package import VoiceCore

/// A frame of a source as it came.
package struct SourceFrame: Hashable, Sendable {
    package var timestamp: UInt32
    package var payload: [UInt8]
    /// Samples of each channel.
    package var sampleCount: Int
    /// By the server's timeline.
    package var arrivedAt: Duration

    package init(timestamp: UInt32, payload: [UInt8], sampleCount: Int, arrivedAt: Duration) {
        self.timestamp = timestamp
        self.payload = payload
        self.sampleCount = sampleCount
        self.arrivedAt = arrivedAt
    }
}

/// What a source has sent and was not heard yet, bounded by time and bytes: beyond that the oldest frames go.
///
/// Whoever sends is never held up; what went is seen as a gap by whoever hears, and told.
package final class SourceInbox: Sendable {
    /// What waits to be done, in its order.
    package enum Item: Hashable, Sendable {
        case frame(SourceFrame)
        /// The utterance under way is to end; what follows need not follow it closely.
        case flush
    }

    /// PROTOCOL.md, section 4: audio in is kept for 30 s.
    private static let longest = Duration.seconds(30)
    /// 30 s of stereo at 96 kHz with 16 bits.
    private static let byteLimit = 12 << 20

    fileprivate struct Contents: Sendable {
        var items: [Item] = []
        var head = 0
        var sampleCount = 0
        var byteCount = 0
        var isFinished = false
    }

    private let contents = Monitor(Contents())
    private let format: SourceFormat

    package init(_ format: SourceFormat) {
        self.format = format
    }

    /// Puts a frame behind all that waits.
    package func add(_ frame: SourceFrame) {
        let format = format
        contents.update { contents in
            guard !contents.isFinished else { return }
            contents.append(.frame(frame))
            while contents.byteCount > Self.byteLimit || format.duration(of: contents.sampleCount) > Self.longest {
                contents.dropOldestFrame()
            }
        }
    }

    /// Ends the utterance under way once all that waits was heard.
    package func flush() {
        contents.update { contents in
            // Two in a row are one.
            guard !contents.isFinished, contents.items.last != .flush || contents.isEmpty else { return }
            contents.append(.flush)
        }
    }

    /// Nothing comes any more; what waits is still heard.
    package func finish() {
        contents.update { $0.isFinished = true }
    }

    /// The next thing to do; nil at the end or when the task was cancelled.
    package func next() async -> Item? {
        let item: Item?? = await contents.wait { contents -> Item?? in
            if let item = contents.takeFirst() { return .some(item) }
            return contents.isFinished ? .some(nil) : nil
        }
        return item ?? nil
    }
}

extension SourceInbox.Contents {
    fileprivate var isEmpty: Bool { head == items.count }

    fileprivate mutating func append(_ item: SourceInbox.Item) {
        items.append(item)
        count(item, 1)
    }

    fileprivate mutating func takeFirst() -> SourceInbox.Item? {
        guard !isEmpty else { return nil }
        let item = items[head]
        head += 1
        count(item, -1)
        if isEmpty || head >= 256 {
            items.removeFirst(head)
            head = 0
        }
        return item
    }

    fileprivate mutating func dropOldestFrame() {
        let index = items[head...].firstIndex { if case .frame = $0 { true } else { false } }
        guard let index else { return }
        count(items.remove(at: index), -1)
    }

    private mutating func count(_ item: SourceInbox.Item, _ sign: Int) {
        guard case .frame(let frame) = item else { return }
        sampleCount += sign * frame.sampleCount
        byteCount += sign * frame.payload.count
    }
}
