package import Flow
package import Net
package import VoiceCore

/// The native WebSocket door `/v1/ws` (PROTOCOL.md, section 4).
package struct SocketDoor: Sendable {
    let parts: GatewayParts
    let log: Log
    let channels = ChannelTable()
    let frames = EventFrames()
    let seats = ListenerSeats()

    package init(parts: GatewayParts, log: Log = Log(label: "sockets")) {
        self.parts = parts
        self.log = log
    }

    /// Serves one connection until it is over.
    ///
    /// - Parameter shown: What the token of the upgrade request allows; nil if it showed none.
    package func serve(_ socket: WebSocket, _ request: HTTPRequest, _ shown: Grant?) async {
        let timeline = parts.server.timeline
        let greeting = await Greeting.await(socket, shown: shown, access: parts.access, timeline: timeline)
        guard let greeting else { return }
        let connection = SocketConnection(socket, door: self, grant: greeting.grant)
        await connection.run(greeting, isLocal: request.isLocal)
    }
}
