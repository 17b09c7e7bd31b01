import CSystem
import Glibc

/// The addresses by which this machine can be reached.
package enum InterfaceAddresses {
    /// Those of all interfaces that are up, without loopback and without those that only one link knows.
    package static func all() -> [String] { named().map(\.address) }

    /// The same, each with its interface, such as `eth0`.
    package static func named() -> [(interface: String, address: String)] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&list) == 0 else { return [] }
        defer { unsafe freeifaddrs(list) }
        var found: [(interface: String, address: String)] = []
        var entry = unsafe list
        while let current = unsafe entry {
            unsafe entry = current.pointee.ifa_next
            guard unsafe current.pointee.ifa_flags & UInt32(IFF_UP) != 0,
                let pointer = unsafe current.pointee.ifa_addr
            else { continue }
            let length = unsafe pointer.pointee.sa_family == AF_INET6 ? MemoryLayout<sockaddr_in6>.size : 16
            guard let address = unsafe IPAddress.read(pointer, socklen_t(length)), address.isReachable,
                !found.contains(where: { $0.address == address.text })
            else { continue }
            found.append((unsafe String(cString: current.pointee.ifa_name), address.text))
        }
        return found
    }

    /// The one that a machine elsewhere most likely reaches; nil without a network.
    package static func preferred() -> String? { ownAddressTowardsOthers() ?? all().first }

    /// Where the system would send from; connecting a datagram socket sends nothing.
    private static func ownAddressTowardsOthers() -> String? {
        // RFC 5737: an address of documentation, never anybody's.
        guard let elsewhere = IPAddress("192.0.2.1"),
            let socket = try? FileDescriptor(owning: hearsay_datagram_socket(AF_INET))
        else { return nil }
        let number = socket.number
        guard unsafe elsewhere.withSystemAddress(port: 9, { unsafe connect(number, $0, $1) }) == 0 else { return nil }
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(number, $0, &length) }
        }
        guard status == 0, let (address, _) = IPAddress.read(storage), address.isReachable else { return nil }
        return address.text
    }
}

extension IPAddress {
    /// Whether other machines may know it: neither loopback nor link-local (RFC 4291, section 2.5.6).
    fileprivate var isReachable: Bool {
        if isVersion4 { return bytes[0] != 127 && bytes[0] != 0 }
        let isLinkLocal = bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
        return !isLinkLocal && !bytes[..<15].allSatisfy { $0 == 0 }
    }
}
