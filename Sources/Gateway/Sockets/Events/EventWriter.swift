import Flow
import Net
import VoiceCore
import Wire

/// Sends one connection the events it subscribed to, in order, none missing and none twice.
///
/// One cursor follows the broadcast for all subscriptions; a subscription that asks for older facts gets those first.
actor EventWriter {
    /// How much is sent before the socket is asked again.
    private static let stride = 32 * 1_024

    /// Facts from before a subscription, up to where the common cursor goes on.
    private struct Replay {
        var cursor: BroadcastCursor<Event>
        let end: UInt64
        /// What the connection had subscribed to before, and got already.
        let earlier: Subscriptions
    }

    private let socket: WebSocket
    private let events: Broadcast<Event>
    private let readers: EventReaders
    private let frames: EventFrames
    private let pool: TaskPool
    private let limits: ServerLimits
    private let counters: GatewayCounters
    /// Counts the connection among those that follow events.
    private var seat: Gauge.Seat?
    /// Read by the cursor's filter too.
    private let subscriptions: Monitor<Subscriptions>
    private var cursor: BroadcastCursor<Event>?
    private var replays: [Replay] = []
    private var task: TaskPool.Handle?

    init(_ socket: WebSocket, parts: GatewayParts, frames: EventFrames, grant: Grant, pool: TaskPool) {
        self.socket = socket
        events = parts.events
        readers = parts.readers
        self.frames = frames
        self.pool = pool
        limits = parts.server.limits
        counters = parts.counters
        subscriptions = Monitor(Subscriptions(grant: grant))
    }

    /// Adds a subscription; nothing is sent until `resume`.
    ///
    /// - Parameter last: The last fact that the client knows; nil for only what comes.
    /// - Returns: The newest fact and the oldest in the ring; nil when there are too many subscriptions.
    func subscribe(_ filter: EventFilter, after last: UInt64?) async -> (newest: UInt64, oldest: UInt64)? {
        await pause()
        // Replays outlive an unsubscribe, so they count too: each holds its place until the client has read it.
        let count = max(subscriptions.withLock { $0.items.count }, replays.count)
        guard count < limits[.subscriptions] else { return nil }
        let place = cursor ?? events.cursor(filter: wanted)
        let bounds = events.bounds
        let first = min(last ?? bounds.newest, bounds.newest) + 1
        if first < place.nextSequence {
            let earlier = subscriptions.withLock { $0 }
            let visible = earlier.grant
            let older = events.cursor(after: first - 1) { filter.matches($0) && $0.isVisible(to: visible) }
            replays.append(Replay(cursor: older, end: place.nextSequence, earlier: earlier))
        }
        cursor = place
        subscriptions.withLock { $0.add(filter, from: first) }
        return bounds
    }

    /// Takes names out of the subscriptions; nothing is sent until `resume`.
    func unsubscribe(_ filter: EventFilter) async {
        await pause()
        subscriptions.withLock { $0.remove(filter) }
    }

    /// Whether something was subscribed to and not given up.
    var hasSubscriptions: Bool { subscriptions.withLock { !$0.items.isEmpty } }

    /// The connection's token was replaced.
    func replaceGrant(_ grant: Grant) {
        subscriptions.withLock { $0.grant = grant }
    }

    /// Sends from now on, until the connection's tasks are stopped.
    func resume() {
        guard task == nil, cursor != nil else { return }
        seat = seat ?? counters.subscribers.seat()
        task = pool.start { [readers] in await readers.read { await self.run() } }
    }

    private var wanted: @Sendable (Event) -> Bool {
        { [subscriptions] event in subscriptions.withLock { $0.want(event) } }
    }

    /// Returns when nothing is being sent.
    private func pause() async {
        task?.cancel()
        await task?.wait()
        task = nil
    }

    private func run() async {
        var sent = 0
        while !Task.isCancelled {
            if sent >= Self.stride {
                guard await hasRoom() else { return }
                sent = 0
            }
            if !replays.isEmpty {
                sent += replayNext()
            } else {
                guard var place = cursor else { return }
                let item = await place.next()
                cursor = place
                guard let item else { return }
                sent += send(item)
            }
        }
    }

    /// Sends one fact of the first replay, or drops that replay when it is over.
    private func replayNext() -> Int {
        guard let item = replays[0].cursor.nextIfAny() else {
            replays.removeFirst()
            return 0
        }
        switch item {
        case .reading:
            return 0
        case .lost(let range):
            return sendLost(range)
        case .fact(let sequence, let event):
            guard sequence < replays[0].end else {
                replays.removeFirst()
                return 0
            }
            guard !replays[0].earlier.want(event, sequence: sequence) else { return 0 }
            return send(frames.frame(of: event, sequence: sequence))
        }
    }

    private func send(_ item: Broadcast<Event>.Item) -> Int {
        switch item {
        case .lost(let range):
            return sendLost(range)
        case .reading(let event):
            return send(frames.frame(of: event))
        case .fact(let sequence, let event):
            guard subscriptions.withLock({ $0.want(event, sequence: sequence) }) else { return 0 }
            return send(frames.frame(of: event, sequence: sequence))
        }
    }

    private func sendLost(_ range: ClosedRange<UInt64>) -> Int {
        counters.lostEvents.add(range.count)
        return send(Frame.text(WireEvent.lost(range)))
    }

    private func send(_ frame: Frame) -> Int {
        socket.send(frame)
        return frame.byteCount
    }

    /// A subscriber reads at its own pace: the next event waits while more than this is unsent.
    private var unsentLimit: Int { limits[.unsentBytes] / 4 }

    /// Waits while too much is unsent: a pong comes behind everything sent before.
    ///
    /// - Returns: False when the task was cancelled or the connection is over.
    private func hasRoom() async -> Bool {
        while !Task.isCancelled, await socket.closeStatus == nil {
            if await socket.pressure().unsentBytes <= unsentLimit { return true }
            _ = await socket.ping()
        }
        return false
    }
}
