/// How a WebSocket ended.
package struct WebSocketClose: Sendable, Hashable {
    /// The code of the first close frame, by whichever end; 1005 without a code, 1006 without a close frame.
    package let code: UInt16
    /// The reason of that frame; empty if none.
    package let reason: String
    /// Whether both ends sent a close frame.
    package let wasClean: Bool

    package init(code: UInt16, reason: String = "", wasClean: Bool = false) {
        self.code = code
        self.reason = reason
        self.wasClean = wasClean
    }

    /// The purpose is fulfilled.
    package static let normal: UInt16 = 1000
    /// The server stops, or the page goes away.
    package static let goingAway: UInt16 = 1001
    static let protocolError: UInt16 = 1002
    static let noStatus: UInt16 = 1005
    static let abnormal: UInt16 = 1006
    static let invalidData: UInt16 = 1007
    /// A message above the limit.
    package static let tooLarge: UInt16 = 1009
    static let unexpected: UInt16 = 1011
    /// The other end takes nothing, or too little.
    package static let tryAgainLater: UInt16 = 1013

    /// RFC 6455, section 7.4: codes that may travel in a frame.
    static func mayTravel(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
