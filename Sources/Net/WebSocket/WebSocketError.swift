/// How the other end broke the protocol.
package enum WebSocketError: Error, Hashable {
    case reservedBits
    case unknownOpcode
    /// A client that did not mask, or a server that did.
    case wrongMasking
    /// A length written in more bytes than it needs, or above 2^63.
    case invalidLength
    case longControlFrame
    case fragmentedControlFrame
    case unexpectedContinuation
    /// A new message inside an unfinished one.
    case missingContinuation
    case invalidText
    case invalidClose
    case messageTooLarge
    /// A message in more pieces than are taken, each of which costs time however small it is.
    case tooManyFragments

    /// The close code that says so (RFC 6455, section 7.4.1).
    package var closeCode: UInt16 {
        switch self {
        case .invalidText: WebSocketClose.invalidData
        case .messageTooLarge, .tooManyFragments: WebSocketClose.tooLarge
        default: WebSocketClose.protocolError
        }
    }

    /// What the close frame says; the limits go by their names.
    var reason: String {
        switch self {
        case .messageTooLarge: "message too large (limit message_bytes)"
        case .tooManyFragments: "too many fragments (limit fragments)"
        default: "\(self)"
        }
    }
}
