import Flow
import Net
import Sound
import VoiceCore
import Wire

/// One job's audio in one format from one starting point, encoded once and sent to every connection that needs it so.
///
/// Each connection gets frames up to a window ahead of what its loudspeaker has played; the slowest one decides how far
/// back frames are kept, the quickest one how far the take is read.
actor JobChannel {
    /// PROTOCOL.md, section 4: at most 1 s and 64 KiB ahead of the confirmed position.
    private static let window = Duration.seconds(1)
    private static let windowBytes = 64 * 1_024

    /// One connection that plays it.
    struct Member: Sendable {
        let socket: WebSocket
        let outlet: ReportOutlet
        /// Sent before the first audio.
        let opening: Frame
        fileprivate var nextFrame = 0
        fileprivate var allowedFrames = 0
        fileprivate var position = Duration.zero
        fileprivate var hasEnd = false

        init(socket: WebSocket, outlet: ReportOutlet, opening: Frame) {
            self.socket = socket
            self.outlet = outlet
            self.opening = opening
        }
    }

    /// What a reported position means.
    struct Progress: Sendable {
        /// Within what was sent, and never falling.
        let position: Duration
        let isSentToTheEnd: Bool
    }

    /// How many frames the quickest connection may have.
    private struct Demand: Sendable {
        var frameCount = 0
        var isOver = false
    }

    nonisolated let number: UInt32
    nonisolated let format: StreamFormat
    /// Of the first sample, in job time.
    nonisolated let start: Duration
    /// Samples that the listener's decoder gives before that one.
    nonisolated let preSkip: Int
    private let take: Take
    private let reader: TakeReader
    private let demand = Monitor(Demand())
    private var cutter: FrameCutter
    private var frames = FrameShelf()
    private var members: [UInt64: Member] = [:]
    /// What those who left may still report: from what they reported last to the end of what they were sent.
    ///
    /// One that left before it came may report nothing.
    private var departed: [UInt64: ClosedRange<Duration>] = [:]

    init(number: UInt32, format: StreamFormat, take: Take, from position: Duration) throws(CuttingError) {
        self.number = number
        self.format = format
        self.take = take
        reader = take.reader(from: position)
        start = reader.format?.duration(of: reader.firstSample) ?? .zero
        let firstTimestamp = AudioFormat(sampleRate: format.sampleRate).sampleCount(in: start)
        let cutter = try FrameCutter(channel: number, format: format, firstTimestamp: firstTimestamp)
        preSkip = cutter.preSkip
        self.cutter = cutter
    }

    /// Reads the take as far as somebody wants it; returns at its end, or when nobody is left.
    func run() async {
        while !frames.isComplete {
            guard let count = await waitForDemand(), let piece = await reader.next(atMost: sampleCount(of: count))
            else { return }
            do throws(CuttingError) {
                try add(piece)
            } catch {
                fail(error)
            }
            for id in members.keys { deliver(id) }
            frames.drop(before: members.values.map(\.nextFrame).min() ?? 0)
        }
    }

    // MARK: Members

    /// Adds a connection and sends what it may have.
    ///
    /// - Returns: False if the beginning is gone already, so that it needs a channel of its own.
    func join(_ id: UInt64, _ member: Member) -> Bool {
        if departed[id] != nil { return true }
        guard isOpen, frames.startIndex == 0 else { return false }
        member.socket.send(member.opening)
        members[id] = member
        allow(id, frameCount(upTo: start))
        return true
    }

    /// Takes the position that a connection reports, and sends it what it may have now.
    func confirm(_ id: UInt64, at position: Duration) -> Progress {
        guard let member = members[id] else {
            let range = departed[id] ?? .zero ... .zero
            return Progress(
                position: max(range.lowerBound, min(position, range.upperBound)), isSentToTheEnd: false)
        }
        let position = max(member.position, min(position, end(of: member)))
        members[id]?.position = position
        allow(id, frameCount(upTo: position))
        return Progress(position: position, isSentToTheEnd: members[id]?.hasEnd ?? false)
    }

    /// Takes a connection out.
    ///
    /// - Returns: Whether nobody is left; the channel is over then.
    func leave(_ id: UInt64) -> Bool {
        if let member = members.removeValue(forKey: id) {
            departed[id] = member.position...max(member.position, end(of: member))
        } else if departed[id] == nil {
            departed[id] = .zero ... .zero
        }
        guard members.isEmpty else { return false }
        demand.update { $0.isOver = true }
        reader.close()
        return true
    }

    private var isOpen: Bool { demand.withLock { !$0.isOver } }

    /// Lets a connection have frames up to this number.
    private func allow(_ id: UInt64, _ count: Int) {
        guard let allowed = members[id]?.allowedFrames else { return }
        members[id]?.allowedFrames = max(allowed, count)
        deliver(id)
        demand.update { $0.frameCount = max($0.frameCount, count) }
    }

    /// Returns how many frames more are wanted, one beyond what may be sent, so that the end is seen in time; nil when
    /// nobody is left.
    private func waitForDemand() async -> Int? {
        let made = frames.endIndex
        return await demand.wait { demand -> Int? in
            if demand.isOver { return 0 }
            return demand.frameCount >= made ? demand.frameCount - made + 1 : nil
        }.flatMap { $0 > 0 ? $0 : nil }
    }

    // MARK: Making and sending

    private func add(_ piece: TakeReader.Piece) throws(CuttingError) {
        switch piece {
        case .samples(let samples):
            frames.append(try cutter.add(samples, inputRate: take.format?.sampleRate ?? format.sampleRate))
        case .end:
            let (last, end) = try cutter.finish()
            frames.append(last)
            frames.end = end
        }
    }

    /// Sends a connection all it may have, in one write.
    private func deliver(_ id: UInt64) {
        guard var member = members[id] else { return }
        var batch = frames[member.nextFrame..<max(member.nextFrame, min(member.allowedFrames, frames.endIndex))]
        let isFirst = member.nextFrame == 0
        member.nextFrame += batch.count
        if let end = frames.end, member.nextFrame == frames.endIndex, !member.hasEnd {
            batch.append(end)
            member.hasEnd = true
        }
        members[id] = member
        guard !batch.isEmpty else { return }
        member.socket.send(batch)
        if isFirst { member.outlet.report(.sent) }
    }

    private func fail(_ error: CuttingError) {
        for member in members.values { member.outlet.report(.failed(reason: error.reason)) }
        frames.end = Frame.binary(AudioFrameHeader(kind: .flush, channel: number).bytes(), tag: number)
    }

    // MARK: Counting

    /// Up to where a connection was sent audio, in job time.
    private func end(of member: Member) -> Duration {
        start + duration(of: member.nextFrame)
    }

    private func frameCount(upTo position: Duration) -> Int {
        let bytesPerFrame = format.bytesPerSecond / FrameCutter.framesPerSecond
        let ahead = min(Int(Self.window / duration(of: 1)), Self.windowBytes / bytesPerFrame)
        return Int((position - start) / duration(of: 1)) + ahead
    }

    private func duration(of frameCount: Int) -> Duration {
        AudioFormat(sampleRate: format.sampleRate).duration(of: frameCount * cutter.samplesPerFrame)
    }

    /// Of the take, for so many frames.
    private func sampleCount(of frameCount: Int) -> Int {
        max(1, take.format?.sampleCount(in: duration(of: frameCount)) ?? cutter.samplesPerFrame)
    }
}
