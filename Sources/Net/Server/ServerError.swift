/// Why a server cannot listen.
package enum ServerError: Error, Hashable, CustomStringConvertible {
    case addressInUse(SocketAddress)
    /// Not an address of this machine.
    case addressNotAvailable(SocketAddress)
    /// A port below 1024 without the right to it.
    case notPermitted(SocketAddress)
    /// Neither `localhost` nor a literal address.
    case notAnAddress(SocketAddress)
    case system(SystemError)

    /// For people.
    package var description: String {
        switch self {
        case .addressInUse(let address): "\(address) is in use by another program"
        case .addressNotAvailable(let address): "\(address) is not an address of this machine"
        case .notPermitted(let address): "listening on \(address) is not permitted"
        case .notAnAddress(let address): "\(address) is not an address to listen on"
        case .system(let error): "the system refused: \(error)"
        }
    }

    init(_ error: SystemError, at address: SocketAddress, inUse: Int32, notAvailable: Int32, notPermitted: Int32) {
        switch error.code {
        case inUse: self = .addressInUse(address)
        case notAvailable: self = .addressNotAvailable(address)
        case notPermitted: self = .notPermitted(address)
        default: self = .system(error)
        }
    }
}
