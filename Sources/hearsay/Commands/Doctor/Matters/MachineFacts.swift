import Glibc

/// The machine: its system, processors, load and memory.
struct MachineFacts: Hashable, Sendable {
    /// A server with a worker is measured at 50 MB resident; with less than twice that the system begins to swap.
    private static let leastMemory = 128 << 20

    var system = "Linux"
    var processors: Int
    /// How many tasks wanted to run, on average over a minute.
    var load: Double?
    var freeMemory: Int?
    var memory: Int?

    var findings: [Finding] { [whole, busy, short].compactMap { $0 } }

    private var whole: Finding {
        let memoryText = memory.map { ", \(ByteText.shown($0)) memory" } ?? ""
        return .ok("machine", "\(system), \(processors) processor\(processors == 1 ? "" : "s")\(memoryText)")
    }

    private var busy: Finding? {
        guard let load, load > Double(processors) * 2 else { return nil }
        let rounded = Int(load.rounded())
        return .note(
            "load", "\(rounded) tasks want to run at once; speech may begin late",
            .run("top -o %CPU", "See which"))
    }

    private var short: Finding? {
        guard let freeMemory, freeMemory < Self.leastMemory else { return nil }
        return .warning(
            "memory", "only \(ByteText.shown(freeMemory)) are free; speech may stutter",
            .run("top -o %MEM", "See who has it"))
    }

    static func read() -> MachineFacts {
        var facts = MachineFacts(processors: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
        facts.system = (try? SmallFile.read("/etc/os-release")).flatMap(systemName) ?? "Linux"
        facts.load = (try? SmallFile.read("/proc/loadavg"))?.split(separator: " ").first.flatMap { Double($0) }
        let text = (try? SmallFile.read("/proc/meminfo")) ?? ""
        facts.memory = bytes("MemTotal:", in: text)
        facts.freeMemory = bytes("MemAvailable:", in: text)
        return facts
    }

    /// `PRETTY_NAME` of os-release(5).
    static func systemName(_ text: String) -> String? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
        return line.map { $0.dropFirst(12).filter { $0 != "\"" } }
    }

    /// A line of `/proc/meminfo`, which counts in KiB.
    static func bytes(_ name: String, in text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1_024 }
    }
}
