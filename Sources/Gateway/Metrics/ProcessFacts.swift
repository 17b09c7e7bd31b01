import Glibc

/// What the kernel tells of this process (proc(5)).
struct ProcessFacts {
    /// Time on a processor, in seconds.
    var cpuSeconds = 0.0
    var residentBytes = 0
    var virtualBytes = 0
    var threadCount = 0
    var openDescriptors = 0
    var descriptorLimit = 0
    /// Seconds since 1970.
    var startedAt = 0.0

    /// Reads them now; what cannot be read is 0.
    static func read() -> ProcessFacts {
        var facts = ProcessFacts()
        facts.take(stat: text(of: "/proc/self/stat"), bootedAt: bootTime)
        facts.openDescriptors = countEntries(of: "/proc/self/fd")
        var limit = rlimit()
        if unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            facts.descriptorLimit = Int(clamping: limit.rlim_cur)
        }
        return facts
    }

    /// - Parameter stat: The fields behind the name in parentheses, which may hold anything, begin with the third.
    mutating func take(stat: String, bootedAt: Double) {
        guard let name = stat.lastIndex(of: ")") else { return }
        let fields = stat[name...].split(separator: " ").dropFirst().map { Int($0) ?? 0 }
        guard fields.count > 21 else { return }
        let (ticks, page) = (Double(sysconf(Int32(_SC_CLK_TCK))), sysconf(Int32(_SC_PAGESIZE)))
        cpuSeconds = Double(fields[11] + fields[12]) / ticks
        threadCount = fields[17]
        startedAt = bootedAt + Double(fields[19]) / ticks
        virtualBytes = fields[20]
        residentBytes = fields[21] * page
    }

    private static let bootTime: Double = {
        let line = text(of: "/proc/stat").split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst(6)) } ?? 0
    }()

    private static func text(of path: String) -> String {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }

    private static func countEntries(of path: String) -> Int {
        guard let folder = unsafe opendir(path) else { return 0 }
        defer { unsafe closedir(folder) }
        var count = 0
        while let entry = unsafe readdir(folder) {
            if unsafe entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
        }
        // The folder itself is open while it is read.
        return count - 1
    }
}
