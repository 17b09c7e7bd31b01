import CSystem
import Flow
import Glibc

/// Finds the addresses of a host.
enum Resolver {
    /// The addresses to try, in order; none if the name is unknown, or the task is cancelled.
    ///
    /// Names are looked up on a thread of their own, since the system's call blocks.
    static func addresses(of host: String) async -> [IPAddress] {
        if let literal = IPAddress(host) { return [literal] }
        if host.lowercased() == "localhost" { return ["127.0.0.1", "::1"].compactMap { IPAddress($0) } }
        let answer = Monitor<[IPAddress]?>(nil)
        DedicatedThread.detach(label: "net.resolver") {
            let found = lookUp(host)
            answer.update { $0 = found }
        }
        return await answer.wait { $0 } ?? []
    }

    private static func lookUp(_ host: String) -> [IPAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { unsafe freeaddrinfo(list) }
        var found: [IPAddress] = []
        var entry = unsafe list
        while let current = unsafe entry {
            if let address = unsafe IPAddress.read(current.pointee.ai_addr, current.pointee.ai_addrlen) {
                found.append(address)
            }
            unsafe entry = current.pointee.ai_next
        }
        return found
    }
}
