package import Flow

/// What the connections of one loop did; one object for each loop, so that threads do not share it.
package final class LoopCounters: Sendable {
    package let bytesIn = Counter()
    package let bytesOut = Counter()
    /// WebSocket frames.
    package let framesIn = Counter()
    package let framesOut = Counter()
    /// WebSocket messages, each of one frame or more.
    package let messagesIn = Counter()
    /// Connections that speak HTTP now, plain and encrypted.
    package let http = Gauge()
    package let https = Gauge()
    /// Connections that are WebSockets now, plain and encrypted.
    package let webSocket = Gauge()
    package let webSocketSecure = Gauge()
    /// Connections and frames given up by a rule.
    package let drops = DropCounters()

    package init() {}

    func seat(isWebSocket: Bool, isSecure: Bool) -> Gauge.Seat {
        switch (isWebSocket, isSecure) {
        case (false, false): http.seat()
        case (false, true): https.seat()
        case (true, false): webSocket.seat()
        case (true, true): webSocketSecure.seat()
        }
    }
}

/// What was given up, by the rule that asked for it.
package final class DropCounters: Sendable {
    /// WebSockets closed because more than the limit was unsent.
    package let tooMuchUnsent = Counter()
    /// Connections closed because the other end took nothing.
    package let stalled = Counter()
    /// WebSockets closed because no pong came.
    package let silent = Counter()
    /// Requests refused because their head or body took too long.
    package let late = Counter()
    /// Connections closed because all together held too much unfinished input.
    package let input = Counter()
    /// Frames of a job that were flushed before they went out.
    package let flushedFrames = Counter()
    /// Pings not answered at once, so that of a flood only the newest is.
    package let pings = Counter()

    package init() {}
}
