import CSystem
import Flow

/// Whether the clocks tell the same time: tokens end by it, and events carry it.
struct ClockFacts: Hashable, Sendable {
    /// From this on a token's end is felt to be wrong.
    private static let noticeable = Duration.seconds(5)
    private static let grave = Duration.seconds(60)

    var now: WallTime
    /// When this program was written to disk, which cannot lie ahead.
    var built: WallTime?
    /// Whether the system's clock follows a time server; nil if the system does not tell.
    var isSynchronised: Bool?
    /// How far the server's clock is ahead; nil where there is no server.
    var skew: Duration?

    var findings: [Finding] { [own, difference].compactMap { $0 } }

    private var own: Finding {
        let date = now.iso8601.prefix(10)
        if let built, now + .seconds(86_400) < built {
            return .warning(
                "clock", "it is \(date) here, which is before this program was made; tokens end at the wrong time",
                .run("sudo timedatectl set-ntp true", "Let it follow a time server"))
        }
        switch isSynchronised {
        case true: return .ok("clock", "\(date), kept by a time server")
        case false:
            return .note(
                "clock", "\(date), kept by no time server",
                .run("sudo timedatectl set-ntp true", "Let it follow one"))
        default: return .ok("clock", "it is \(date)")
        }
    }

    private var difference: Finding? {
        guard let skew else { return nil }
        let amount = skew < .zero ? .zero - skew : skew
        guard amount >= Self.noticeable else { return nil }
        let text = "the server's clock is \(amount.shown) \(skew < .zero ? "behind" : "ahead of") this machine's"
        let remedy = Finding.Remedy.run("sudo timedatectl set-ntp true", "On the machine that is wrong")
        return amount >= Self.grave ? .warning("clocks", text, remedy) : .note("clocks", text, remedy)
    }

    static func read(skew: Duration?) -> ClockFacts {
        let state = CSystem.hearsay_clock_is_synchronised()
        let program = FileStatus("/proc/self/exe")
        return ClockFacts(
            now: .now(), built: program.map { WallTime(milliseconds: Int64($0.changedAt) * 1_000) },
            isSynchronised: state < 0 ? nil : state == 1, skew: skew)
    }
}
