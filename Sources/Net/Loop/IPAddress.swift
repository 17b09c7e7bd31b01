import Glibc

/// A literal IP address, and its form in system calls.
struct IPAddress: Hashable, Sendable {
    /// 4 or 16 bytes in network order.
    let bytes: [UInt8]

    var isVersion4: Bool { bytes.count == 4 }

    var family: Int32 { isVersion4 ? AF_INET : AF_INET6 }

    /// Reads a literal; nil for anything else, names included.
    init?(_ text: String) {
        var buffer = [UInt8](repeating: 0, count: 16)
        if unsafe inet_pton(AF_INET, text, &buffer) == 1 {
            bytes = Array(buffer[..<4])
        } else if unsafe inet_pton(AF_INET6, text, &buffer) == 1 {
            bytes = buffer
        } else {
            return nil
        }
    }

    /// - Parameter bytes: 4 or 16, in network order.
    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The literal.
    var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard unsafe inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Calls `body` with the address as the system wants it.
    func withSystemAddress<Result>(
        port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var storage = sockaddr_storage()
        let length: Int
        if isVersion4 {
            length = MemoryLayout<sockaddr_in>.size
            unsafe withUnsafeMutableBytes(of: &storage) { raw in
                var address = sockaddr_in()
                address.sin_family = sa_family_t(AF_INET)
                address.sin_port = in_port_t(port).bigEndian
                unsafe withUnsafeMutableBytes(of: &address.sin_addr) { unsafe $0.copyBytes(from: bytes) }
                unsafe raw.storeBytes(of: address, as: sockaddr_in.self)
            }
        } else {
            length = MemoryLayout<sockaddr_in6>.size
            unsafe withUnsafeMutableBytes(of: &storage) { raw in
                var address = sockaddr_in6()
                address.sin6_family = sa_family_t(AF_INET6)
                address.sin6_port = in_port_t(port).bigEndian
                unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { unsafe $0.copyBytes(from: bytes) }
                unsafe raw.storeBytes(of: address, as: sockaddr_in6.self)
            }
        }
        return unsafe withUnsafePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(length))
            }
        }
    }

    /// Reads what the system filled in; IPv4 inside IPv6 becomes plain IPv4.
    static func read(_ storage: sockaddr_storage) -> (address: IPAddress, port: Int)? {
        unsafe withUnsafeBytes(of: storage) { raw in
            switch Int32(storage.ss_family) {
            case AF_INET:
                let address = unsafe raw.loadUnaligned(as: sockaddr_in.self)
                let bytes = unsafe withUnsafeBytes(of: address.sin_addr) { unsafe Array($0) }
                return (IPAddress(bytes: bytes), Int(UInt16(bigEndian: address.sin_port)))
            case AF_INET6:
                let address = unsafe raw.loadUnaligned(as: sockaddr_in6.self)
                let bytes = unsafe withUnsafeBytes(of: address.sin6_addr) { unsafe Array($0) }
                return (IPAddress(bytes: bytes).unmapped, Int(UInt16(bigEndian: address.sin6_port)))
            default: return nil
            }
        }
    }

    /// Reads an address that the system hands out by pointer.
    static func read(_ pointer: UnsafePointer<sockaddr>, _ length: socklen_t) -> IPAddress? {
        var storage = sockaddr_storage()
        unsafe withUnsafeMutableBytes(of: &storage) { raw in
            unsafe raw.copyMemory(
                from: UnsafeRawBufferPointer(start: pointer, count: min(Int(length), raw.count)))
        }
        return read(storage)?.address
    }

    /// Plain IPv4 where it is IPv4 inside IPv6 (RFC 4291, section 2.5.5.2).
    var unmapped: IPAddress {
        let prefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        return bytes.starts(with: prefix) ? IPAddress(bytes: Array(bytes[12...])) : self
    }
}
