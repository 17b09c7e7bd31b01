/// How long the other end has taken nothing.
struct SendProgress {
    /// All bytes ever handed over.
    private var handedOver: Int64 = 0
    /// Of those, how many were acknowledged when last looked at.
    private var acknowledged: Int64 = 0
    /// When something was last acknowledged, or began to wait.
    private var lastProgress = Duration.zero

    mutating func sent(_ byteCount: Int, now: Duration) {
        if acknowledged == handedOver { lastProgress = now }
        handedOver += Int64(byteCount)
    }

    mutating func pressure(unsent: Int, unacknowledged: Int, now: Duration) -> SendPressure {
        let waiting = unsent + unacknowledged
        let nowAcknowledged = handedOver - Int64(waiting)
        if nowAcknowledged != acknowledged || waiting == 0 {
            acknowledged = waiting == 0 ? handedOver : nowAcknowledged
            lastProgress = now
        }
        return SendPressure(
            unsentBytes: unsent, unacknowledgedBytes: unacknowledged,
            stalledFor: waiting == 0 ? nil : now - lastProgress)
    }
}
