import Glibc
import Net

/// A TCP socket of this machine that waits for connections, and the program that holds it.
struct ListeningSocket: Hashable, Sendable {
    var address: SocketAddress
    /// The number of the socket, which links it to the processes that hold it.
    var inode: String

    /// Whether it takes connections from other machines.
    var isOpenToOthers: Bool { !address.isLoopback }

    /// What a process's descriptor of it points to.
    var link: String { "socket:[\(inode)]" }

    /// Reads `/proc/net/tcp` or `/proc/net/tcp6` (proc_net(5)).
    static func listed(in text: String) -> [ListeningSocket] {
        text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            // The state 0A is TCP_LISTEN (include/net/tcp_states.h).
            guard fields.count > 9, fields[3] == "0A", let address = address(fields[1]) else { return nil }
            return ListeningSocket(address: address, inode: String(fields[9]))
        }
    }

    /// `0100007F:1E64`: 32-bit words in the order of the machine, in hexadecimal digits, then the port.
    private static func address(_ text: Substring) -> SocketAddress? {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1], radix: 16), parts[0].count == 8 || parts[0].count == 32
        else { return nil }
        let digits = Array(parts[0])
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: digits.count, by: 8) {
            guard let word = UInt32(String(digits[start..<start + 8]), radix: 16) else { return nil }
            unsafe withUnsafeBytes(of: word) { unsafe bytes.append(contentsOf: $0) }
        }
        return SocketAddress(host: Self.literal(bytes), port: port)
    }

    private static func literal(_ bytes: [UInt8]) -> String {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        let bytes = bytes.count == 16 && bytes.starts(with: mapped) ? Array(bytes[12...]) : bytes
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard unsafe inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// All of this machine's.
    static func all() -> [ListeningSocket] {
        ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { listed(in: (try? SmallFile.read($0)) ?? "") }
    }
}

/// A process as its neighbours see it.
struct ProcessName: Hashable, Sendable {
    var id: Int
    var name: String

    /// Who holds a socket; nil if that is another user's process.
    static func holder(of socket: ListeningSocket) -> ProcessName? {
        all { process in
            FileStatus.names(in: "/proc/\(process)/fd").contains {
                FileStatus.target(ofLink: "/proc/\(process)/fd/\($0)") == socket.link
            }
        }.first
    }

    /// Those of all processes that `isWanted` chooses by their number.
    static func all(where isWanted: (Int) -> Bool = { _ in true }) -> [ProcessName] {
        FileStatus.names(in: "/proc").compactMap { entry in
            guard let id = Int(entry), isWanted(id), let name = try? SmallFile.read("/proc/\(id)/comm") else {
                return nil
            }
            return ProcessName(id: id, name: String(name.prefix { $0 != "\n" }))
        }
    }
}
