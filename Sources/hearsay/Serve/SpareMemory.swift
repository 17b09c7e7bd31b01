import CSystem
import Flow

/// Gives the memory that a burst has left unused back to the system, so that a server which runs for months stays as
/// small as what it holds.
///
/// What it holds grows and shrinks by whole sentences of sound. Left to itself, the C library takes such blocks from
/// ever more places, and keeps nearly all of what comes back.
struct SpareMemory: Service {
    /// Two for the loops of the network and two for everything else; the C library would make eight for each processor.
    private static let arenas = 4
    /// Blocks from this size on are asked of the system one by one and go back to it at once.
    ///
    /// It is the C library's own first value (mallopt(3)); naming it keeps it from growing with the first sentence.
    private static let largeBlock = 128 * 1_024
    /// Looking takes less than a millisecond for some megabytes.
    private static let interval = Duration.seconds(60)

    let timeline: Timeline

    /// To be called early: what was taken before stays as it is.
    static func prepare() {
        hearsay_limit_spare_memory(Int32(arenas), Int32(largeBlock))
    }

    func run() async throws {
        while !Task.isCancelled {
            await timeline.sleep(until: timeline.now + Self.interval)
            hearsay_return_spare_memory()
        }
    }
}
