private import Glibc

/// How much memory processes hold.
enum ProcessMemory {
    /// - Returns: 0 for a process that is gone.
    static func residentByteCount(of process: Int32) -> Int {
        let file = unsafe open("/proc/\(process)/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = unsafe read(file, &buffer, buffer.count)
        // The second number is the resident set, in pages (proc(5)).
        let words = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
        guard words.count > 1, let pages = Int(words[1]) else { return 0 }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
