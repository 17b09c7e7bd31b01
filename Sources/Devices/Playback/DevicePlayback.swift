private import Flow
import Sound
private import VoiceCore

/// One playback on the thread that belongs to it: opens the device, plays what is fed, reports, closes the device.
///
/// If a call into a library never comes back the thread stays behind; nobody waits for it.
struct DevicePlayback: Sendable {
    let feed: PlaybackFeed
    let reports: PlaybackReports
    let format: AudioFormat
    /// The first sample fed, counted from the job's first one.
    let firstSample: Int

    private let clock = ContinuousClock()
    private let origin = ContinuousClock().now

    init(_ feed: PlaybackFeed, _ reports: PlaybackReports, _ format: AudioFormat, firstSample: Int) {
        self.feed = feed
        self.reports = reports
        self.format = format
        self.firstSample = firstSample
    }

    private var now: Duration { clock.now - origin }

    /// Returns when the playback is over.
    func run(_ open: DeviceOpener) {
        do throws(DeviceError) {
            try play(on: open(format.sampleRate, feed.wakeup))
        } catch {
            reports.end(error)
        }
        feed.close()
    }

    private func play(on stream: any DeviceStream) throws(DeviceError) {
        var rules = PlaybackRules(
            format: format, firstSample: firstSample, prebufferCount: stream.prebufferCount, at: now)
        var ending = PlaybackRules.Ending.notWritten
        while true {
            let step = feed.step(room: stream.room)
            switch step {
            case .write(let samples): try stream.write(samples)
            case .wait: break
            case .drain:
                try stream.drain()
                ending = stream.isDrained ? .drained : .draining
            case .flush, .close: return try fallSilent(stream, rules)
            }
            let reading = try stream.reading()
            let news = rules.observe(reading, ending, at: now)
            for report in news { reports.report(report) }
            if news.last?.isLast == true { return }
            try wait(stream, after: step, reading)
        }
    }

    /// Waits for what the next step needs, but not past the next report.
    private func wait(
        _ stream: any DeviceStream, after step: PlaybackFeed.Step, _ reading: DeviceReading
    ) throws(DeviceError) {
        let isIdle = reading.played == reading.written && step == .wait(hasSamples: false)
        let limit = Duration.milliseconds(isIdle ? 200 : 20)
        switch step {
        case .write, .flush, .close: break
        case .wait(let hasSamples): try stream.wait(upTo: limit, wantsRoom: hasSamples)
        case .drain: try stream.wait(upTo: limit, wantsRoom: false)
        }
    }

    /// Fades, waits until that has sounded, at most 50 ms, and answers.
    private func fallSilent(_ stream: any DeviceStream, _ rules: PlaybackRules) throws(DeviceError) {
        let silentFrom = try stream.fadeOut()
        let end = now + .milliseconds(50)
        while now < end, try stream.reading().played < silentFrom {
            try stream.wait(upTo: min(.milliseconds(5), end - now), wantsRoom: false)
        }
        reports.report(.flushed(at: rules.position(silentFrom)))
    }
}
