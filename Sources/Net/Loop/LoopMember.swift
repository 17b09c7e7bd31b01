/// Names a member of a loop; a name is not given twice, so one that is gone is never mistaken for its successor.
struct MemberID: Hashable, Sendable {
    let slot: UInt32
    let generation: UInt32

    var token: UInt64 { UInt64(generation) << 32 | UInt64(slot) }

    init(slot: UInt32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }

    init(token: UInt64) {
        slot = UInt32(truncatingIfNeeded: token)
        generation = UInt32(token >> 32)
    }
}

/// Something with a socket that lives on one loop; every call comes on the loop's thread.
///
/// Members are not Sendable and are made on the loop, so the compiler keeps them there.
protocol LoopMember: AnyObject {
    /// The socket can do something.
    func ready(_ readiness: Readiness)
    /// The deadline set last is over.
    func deadlinePassed()
    /// Comes once at the end of a turn in which `Loop.flushLater` was called.
    func turnEnded()
    /// Sends a WebSocket frame; of no effect where there is no WebSocket.
    ///
    /// Here and not behind a cast, since it is asked for each delivery.
    func sendFrame(_ frame: Frame)
    /// Come to an end in good order, soon.
    func drain()
    /// Remove yourself now.
    func abandon()
}

extension LoopMember {
    func sendFrame(_ frame: Frame) {}
}
