import Glibc

/// What this machine calls itself.
enum MachineName {
    static var current: String {
        var bytes = [UInt8](repeating: 0, count: 256)
        let status = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe gethostname(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count - 1)
        }
        let name = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        return status == 0 && !name.isEmpty ? name : "this machine"
    }
}
