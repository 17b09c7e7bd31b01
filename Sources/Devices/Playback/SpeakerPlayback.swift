private import Flow
private import Sound
import VoiceCore

/// One job on a device: reads its take, feeds the playing thread, and gives that thread up if it hangs.
final class SpeakerPlayback: Sendable {
    /// How long a call into a library may take before its thread counts as lost.
    ///
    /// Longer than what the thread itself allows a device, so that the thread's own word comes first.
    private static let patience = Duration.milliseconds(1_500)

    let reports = PlaybackReports()
    private let take: Take
    private let position: Duration
    private let trim: ListenerTrim
    private let feed = PlaybackFeed(limit: 9_600)
    private let open: DeviceOpener

    /// - Parameters:
    ///   - position: Where to begin, in job time.
    ///   - trim: How late and how loud.
    init(take: Take, position: Duration, trim: ListenerTrim = ListenerTrim(), open: @escaping DeviceOpener) {
        self.take = take
        self.position = position
        self.trim = trim
        self.open = open
    }

    /// Plays to the end; cancelling ends it with a fade.
    ///
    /// - Returns: The last report.
    func run() async -> PlaybackReport {
        let reader = take.reader(from: position)
        let end = await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.play(reader) }
            let end = await reports.waitForEnd()
            group.cancelAll()
            return end
        }
        reader.close()
        feed.close()
        reports.report(.gone)
        return end ?? .gone
    }

    /// Falls silent at once.
    func flush() {
        if !feed.flush() { reports.report(.flushed(at: position)) }
    }

    private func play(_ reader: TakeReader) async {
        guard await take.waitForAudio() != nil else { return }
        if trim.delay > .zero {
            let timeline = Timeline.live()
            await timeline.sleep(until: timeline.now + trim.delay)
        }
        guard !Task.isCancelled else { return }
        guard let format = reader.format else { return reports.report(.finished(at: position)) }
        let playback = DevicePlayback(feed, reports, format, firstSample: reader.firstSample)
        let open = open
        DedicatedThread.detach(label: "speaker") { playback.run(open) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.copy(reader, pieceCount: format.sampleRate / 10) }
            group.addTask { await self.watchThread() }
        }
    }

    private func copy(_ reader: TakeReader, pieceCount: Int) async {
        while let piece = await reader.next(atMost: pieceCount) {
            switch piece {
            case .samples(var samples):
                PCM16.amplify(&samples, by: trim.volume)
                guard await feed.put(samples) else { return }
            case .end: return feed.complete()
            }
        }
    }

    private func watchThread() async {
        let timeline = Timeline.live()
        var lastCount = feed.beatCount
        var lastBeat = timeline.now
        while !Task.isCancelled {
            await timeline.sleep(until: timeline.now + .milliseconds(250))
            let count = feed.beatCount
            if count != lastCount { (lastCount, lastBeat) = (count, timeline.now) }
            if timeline.now - lastBeat > Self.patience { return reports.end(.stuck) }
        }
    }
}
