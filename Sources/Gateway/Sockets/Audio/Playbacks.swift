import Flow
import Net
import Sound
import VoiceCore
import Wire

/// The jobs that sound on one connection.
///
/// A job is sent once, however many listeners of the connection it is meant for; they share its reports.
actor Playbacks {
    /// PROTOCOL.md, section 5.4: a socket that takes nothing for 1 s is gone; looked at four times as often.
    private static let stallLimit = Duration.seconds(1)
    private static let stallInterval = Duration.milliseconds(250)
    /// How many jobs that are over here are remembered, for late reports.
    private static let pastLimit = 64

    private struct Entry {
        /// Unlike that of any other playback of the process.
        let id: UInt64
        var channel: JobChannel
        var listeners: Set<ListenerID>
        let outlet: ReportOutlet
        var isFlushing = false
        /// False while the listener's own delay runs.
        var isSent = false
    }

    /// What a connection needs of the server.
    struct Surroundings: Sendable {
        let socket: WebSocket
        let channels: ChannelTable
        let timeline: Timeline
        let pool: TaskPool
    }

    private let surroundings: Surroundings
    private var entries: [JobID: Entry] = [:]
    private var past: [(job: JobID, channel: UInt32)] = []
    private var lastID: UInt64 = 0
    private var isClosed = false
    private var isWatching = false

    init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
    }

    private var socket: WebSocket { surroundings.socket }

    // MARK: What is asked

    /// Begins to send a job to a listener of this connection.
    ///
    /// - Parameter delay: How long it waits before, so that it sounds together with slower loudspeakers.
    func play(
        _ take: Take, of job: JobID, from position: Duration, on listener: ListenerID, as format: StreamFormat,
        after delay: Duration
    ) async -> Channel<PlaybackReport> {
        for (other, entry) in entries where entry.listeners.contains(listener) { drop(other, entry) }
        let outlet = ReportOutlet()
        let reports = outlet.open()
        guard !isClosed else {
            outlet.report(.gone)
            return reports
        }
        if let entry = entries[job], !entry.isFlushing, !entry.outlet.isOver {
            entries[job]?.listeners.insert(listener)
            return entry.outlet.open()
        }
        if let entry = entries[job] { drop(job, entry) }
        guard let channel = channel(of: job, take, as: format, from: position, outlet) else { return reports }
        lastID += 1
        let id = socket.id << 32 | lastID
        entries[job] = Entry(id: id, channel: channel, listeners: [listener], outlet: outlet)
        watch()
        if delay > .zero {
            surroundings.pool.start { await self.joinLater(delay, channel, id, job, take, listener, position) }
        } else {
            await join(channel, id, job, take, listener, position)
        }
        return reports
    }

    /// Falls silent: unsent audio is thrown away, and the client told to drop what it has.
    func flush(_ job: JobID, on listener: ListenerID) async {
        guard let entry = entries[job], entry.listeners.contains(listener), !entry.isFlushing else { return }
        entries[job]?.isFlushing = true
        await surroundings.channels.leave(entry.channel, entry.id)
        guard entry.isSent else { return forgetUnsent(job, entry) }
        sendFlush(entry.channel.number)
    }

    /// A listener is no longer of this connection.
    func remove(_ listener: ListenerID) {
        for (job, entry) in entries where entry.listeners.contains(listener) {
            entries[job]?.listeners.remove(listener)
            guard entry.listeners.count == 1 else { continue }
            sendFlush(entry.channel.number)
            drop(job, entry)
        }
    }

    // MARK: What is told

    /// Takes a report; one about a job that does not sound here is answered by a flush of its channel.
    func take(_ command: PlaybackCommand) async {
        guard let entry = entries[command.job], entry.listeners.contains(command.listener) else {
            return answerLate(command)
        }
        guard isAbout(entry, command) else { return }
        let progress = await entry.channel.confirm(entry.id, at: command.position)
        guard let report = report(command, progress, isFlushing: entry.isFlushing) else { return }
        entry.outlet.report(report)
        if report.isLast, entries[command.job]?.id == entry.id { drop(command.job, entry) }
    }

    /// The connection is over.
    func close() {
        isClosed = true
        for (job, entry) in entries { drop(job, entry) }
    }

    /// - Returns: Nil for what is of no interest any more.
    private func report(
        _ command: PlaybackCommand, _ progress: JobChannel.Progress, isFlushing: Bool
    ) -> PlaybackReport? {
        let position = progress.position
        switch command.state {
        case .started: return isFlushing ? nil : .started(at: position)
        case .progress: return isFlushing ? nil : .progress(at: position)
        case .flushed: return .flushed(at: position)
        case .failed: return .failed(reason: command.reason ?? "failed")
        case .finished:
            return progress.isSentToTheEnd || isFlushing
                ? .finished(at: position) : .failed(reason: "finished_early")
        }
    }

    /// Whether a report is about what sounds now.
    ///
    /// A listener that was cut off still plays the audio of its former channel up to where the new one begins: that is
    /// the same job going on. That the former channel was dropped or failed is past.
    private func isAbout(_ entry: Entry, _ command: PlaybackCommand) -> Bool {
        guard let channel = command.channel, channel != entry.channel.number else { return true }
        switch command.state {
        case .started, .progress: return command.position <= entry.channel.start
        case .finished: return command.position >= entry.channel.start
        case .flushed, .failed: return false
        }
    }

    /// A client that says it is silent needs no flush; asking again would never end.
    private func answerLate(_ command: PlaybackCommand) {
        guard command.state == .started || command.state == .progress else { return }
        guard let channel = past.last(where: { $0.job == command.job })?.channel else { return }
        sendFlush(channel)
    }

    // MARK: Parts

    private func joinLater(
        _ delay: Duration, _ channel: JobChannel, _ id: UInt64, _ job: JobID, _ take: Take, _ listener: ListenerID,
        _ position: Duration
    ) async {
        await surroundings.timeline.sleep(until: surroundings.timeline.now + delay)
        guard !Task.isCancelled, entries[job]?.id == id, entries[job]?.isFlushing == false else { return }
        await join(channel, id, job, take, listener, position)
    }

    /// What was never sent is silent already.
    private func forgetUnsent(_ job: JobID, _ entry: Entry) {
        guard entries[job]?.id == entry.id else { return }
        entry.outlet.report(.flushed(at: entry.channel.start))
        entries.removeValue(forKey: job)
    }

    private func join(
        _ channel: JobChannel, _ id: UInt64, _ job: JobID, _ take: Take, _ listener: ListenerID, _ position: Duration
    ) async {
        entries[job]?.isSent = true
        guard await !channel.join(id, member(of: channel, id, job, listener)) else { return }
        guard entries[job]?.id == id, let outlet = entries[job]?.outlet,
            let fresh = self.channel(
                of: job, take, as: channel.format, from: position, outlet, insteadOf: channel)
        else { return }
        entries[job]?.channel = fresh
        _ = await fresh.join(id, member(of: fresh, id, job, listener))
    }

    /// A channel for a playback; where there is none, its listeners are told.
    private func channel(
        of job: JobID, _ take: Take, as format: StreamFormat, from position: Duration, _ outlet: ReportOutlet,
        insteadOf unsuitable: JobChannel? = nil
    ) -> JobChannel? {
        do throws(CuttingError) {
            return try surroundings.channels.channel(
                of: job, take, as: format, from: position, insteadOf: unsuitable)
        } catch {
            outlet.report(.failed(reason: error.reason))
            return nil
        }
    }

    private func member(
        of channel: JobChannel, _ id: UInt64, _ job: JobID, _ listener: ListenerID
    ) -> JobChannel.Member {
        let begin = AudioBegin(
            listener: listener, job: job, channel: channel.number, format: channel.format, start: channel.start,
            preSkip: channel.preSkip)
        let outlet = entries[job].flatMap { $0.id == id ? $0.outlet : nil } ?? ReportOutlet()
        return JobChannel.Member(socket: socket, outlet: outlet, opening: Frame.text(begin.json, tag: channel.number))
    }

    /// Forgets a playback; its listeners are told, unless they know.
    private func drop(_ job: JobID, _ entry: Entry) {
        entry.outlet.report(.gone)
        entries.removeValue(forKey: job)
        past.append((job, entry.channel.number))
        if past.count > Self.pastLimit { past.removeFirst() }
        let channels = surroundings.channels
        surroundings.pool.start { await channels.leave(entry.channel, entry.id) }
    }

    private func sendFlush(_ channel: UInt32) {
        let header = AudioFrameHeader(kind: .flush, channel: channel)
        socket.sendUrgent(Frame.binary(header.bytes()), discarding: channel)
    }

    // MARK: The socket that takes nothing

    private func watch() {
        guard !isWatching else { return }
        isWatching = true
        surroundings.pool.start { await self.watchStalls() }
    }

    private func watchStalls() async {
        let timeline = surroundings.timeline
        while !entries.isEmpty, !Task.isCancelled {
            await timeline.sleep(until: timeline.now + Self.stallInterval)
            guard let stalled = await socket.pressure().stalledFor, stalled >= Self.stallLimit else { continue }
            for (job, entry) in entries {
                sendFlush(entry.channel.number)
                drop(job, entry)
            }
        }
        isWatching = false
    }
}
