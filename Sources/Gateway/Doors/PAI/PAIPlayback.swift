import Flow
import JSON
import Net
import Sound
import VoiceCore
import Wire

/// One job on one of PAI's players: a file for each sentence, and what may be assumed of a player that does not report.
struct PAIPlayback: Sendable {
    /// PROTOCOL.md, section 5.4: a listener reports every 250 ms.
    private static let interval = Duration.milliseconds(250)
    /// Samples read at a time: 100 ms at 24 kHz.
    private static let readLength = 2_400

    let socket: WebSocket
    let format: SoundFileFormat
    let timeline: Timeline
    let job: JobID
    let take: Take
    let reports = Channel<PlaybackReport>(capacity: 64)
    let clock: Monitor<PlayerClock>

    init(
        on socket: WebSocket, as format: SoundFileFormat, _ timeline: Timeline, _ job: JobID, _ take: Take,
        from position: Duration
    ) {
        self.socket = socket
        self.format = format
        self.timeline = timeline
        self.job = job
        self.take = take
        clock = Monitor(PlayerClock(from: position))
    }

    /// Plays to the end; what ends it early is told by whoever cancels it.
    func run() async {
        await withTaskGroup { group in
            group.addTask {
                do {
                    try await send()
                } catch {
                    end(.failed(reason: "encoding_failed"))
                }
            }
            group.addTask { await report() }
        }
    }

    /// Gives the last report.
    func end(_ report: PlaybackReport) {
        _ = reports.offer(report)
        reports.finish()
    }

    // MARK: Sending

    private func send() async throws {
        let reader = take.reader(from: clock.withLock { $0.position })
        guard await take.waitForAudio() != nil, !Task.isCancelled else { return }
        let rate = take.format?.sampleRate ?? 24_000
        var cutter = PieceCutter(sampleRate: rate)
        var number = 0
        reading: while true {
            switch await reader.next(atMost: Self.readLength) {
            case .samples(let samples):
                for piece in cutter.add(samples) {
                    try await send(piece, rate, &number)
                }
            case .end: break reading
            case nil: return
            }
        }
        if let rest = cutter.finish() { try await send(rest, rate, &number) }
        clock.update { $0.isComplete = true }
        if number == 0 { end(.finished(at: clock.withLock { $0.position })) }
    }

    /// Sends a piece as soon as the one before it plays, so that little is left to sound when the job is cut off.
    private func send(_ samples: [Int16], _ rate: Int, _ number: inout Int) async throws {
        guard await clock.wait({ $0.wantsMore ? true : nil }) != nil else { return }
        let audio = AudioFormat(sampleRate: rate)
        let duration = audio.duration(of: samples.count)
        let bytes = try await TaskPool.aside { [format] in
            Result { try SoundFile.whole(format, AudioChunk(format: audio, samples: samples)) }
        }.get()
        let begin = clock.withLock { $0.end }
        let head: JSONValue = .object([
            "type": "audio", "job_id": .string(job.rawValue), "sentence": .integer(number),
            "format": .string(format.rawValue), "bytes": .integer(bytes.count), "from_ms": .milliseconds(begin),
            "duration_ms": .milliseconds(duration),
        ])
        socket.send([Frame.text(JSONText.bytes(head)), Frame.binary(bytes)])
        if number == 0 { _ = reports.offer(.sent) }
        number += 1
        clock.update { clock in
            clock.advance(to: timeline.now)
            clock.add(duration)
        }
    }

    // MARK: Reporting

    /// PROTOCOL.md, section 5: what was sent counts as begun, and as played, when a ping behind it was answered.
    private func report() async {
        let start = clock.withLock { $0.position }
        guard await clock.wait({ $0.end > start || $0.isComplete ? true : nil }) != nil else { return }
        guard await answers() else { return }
        clock.update { $0.begin(at: timeline.now) }
        _ = reports.offer(.started(at: start))
        while !Task.isCancelled {
            await timeline.sleep(until: timeline.now + step())
            guard !Task.isCancelled else { return }
            let now = clock.update { clock in
                clock.advance(to: timeline.now)
                return clock
            }
            guard !now.isOver else { break }
            _ = reports.offer(.progress(at: now.position))
        }
        guard await answers() else { return }
        end(.finished(at: clock.withLock { $0.end }))
    }

    /// Until the next report, or until the end.
    private func step() -> Duration {
        let rest = clock.withLock { $0.isComplete ? $0.end - $0.position : Self.interval }
        return max(.milliseconds(1), min(Self.interval, rest))
    }

    private func answers() async -> Bool {
        if await socket.ping() != nil { return true }
        if !Task.isCancelled { end(.gone) }
        return false
    }
}
