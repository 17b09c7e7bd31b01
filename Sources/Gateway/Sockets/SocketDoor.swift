package import Flow
package import Net
package import VoiceCore

/// The native WebSocket door `/v1/ws` (PROTOCOL.md, section 4).
package struct SocketDoor: Sendable {
    let parts: GatewayParts
    let log: Log
    let channels = ChannelTable()
    let frames = EventFrames()
    let seats: ListenerSeats

    package init(parts: GatewayParts, log: Log = Log(label: "sockets")) {
        self.parts = parts
        self.log = log
        seats = ListenerSeats(limits: parts.server.limits)
    }

    /// Serves one connection until it is over.
    ///
    /// - Parameter shown: What the token of the upgrade request allows; nil if it showed none.
    package func serve(_ socket: WebSocket, _ request: HTTPRequest, _ shown: Grant?) async {
        guard let greeting = await Greeting.await(socket, request, shown: shown, parts: parts) else { return }
        let identity = ConnectionIdentity(grant: greeting.grant, request: request)
        await SocketConnection(socket, door: self, identity: identity).run(greeting)
    }
}
