import Flow
import VoiceCore
import Wire
package import JSON

/// Reads a server's events without end, across lost connections, with none missing or repeated.
package struct EventReader: Sendable {
    /// How far the reader is.
    private struct Place: Sendable {
        var lastSequence: UInt64?
        var hasConnected = false
        var isDone = false
    }

    private let address: ServerAddress
    private let filter: EventFilter
    private let clientName: String

    /// - Parameter names: Exact names, `job.*` or `*`.
    /// - Throws: `WireError` for a name that no event has.
    package init(_ address: ServerAddress, names: [String], sessions: [String], clientName: String) throws {
        self.address = address
        self.clientName = clientName
        filter = try EventFilter(names: names, sessions: sessions.isEmpty ? nil : Set(sessions.map { SessionID($0) }))
    }

    /// Runs until `take` returns false.
    ///
    /// - Parameters:
    ///   - lastSequence: The last fact the caller knows; nil for only what comes from now on.
    ///   - connected: Called each time a connection stands.
    /// - Throws: `RemoteError` when the first connection fails or the server refuses one.
    package func run(
        after lastSequence: UInt64?, connected: @escaping @Sendable () async -> Void,
        _ take: @escaping @Sendable (JSONValue) async -> Bool
    ) async throws {
        let place = Monitor(Place(lastSequence: lastSequence))
        let timeline = Timeline.live()
        var backoff = Backoff()
        while !place.withLock({ $0.isDone }) {
            do {
                try await readOnce(place, connected, take)
                backoff.reset()
            } catch let error as RemoteError {
                guard !error.isFinal, place.withLock({ $0.hasConnected }) else { throw error }
            }
            guard !Task.isCancelled else { return }
            guard !place.withLock({ $0.isDone }) else { return }
            await timeline.sleep(until: timeline.now + backoff.next())
        }
    }

    private func readOnce(
        _ place: Monitor<Place>, _ connected: @escaping @Sendable () async -> Void,
        _ take: @escaping @Sendable (JSONValue) async -> Bool
    ) async throws {
        try await ServerConnection.with(address, client: clientName) { connection in
            let last = place.withLock { $0.lastSequence }
            let reply = try await connection.request(.subscribe(SubscribeCommand(filter: filter, lastSequence: last)))
            place.withLock { place in
                place.hasConnected = true
                place.lastSequence = place.lastSequence ?? reply["seq"]?.whole.map(UInt64.init)
            }
            await connected()
            while let incoming = await connection.incoming.next() {
                guard case .message(let event) = incoming else { continue }
                if let sequence = event["seq"]?.whole { place.withLock { $0.lastSequence = UInt64(sequence) } }
                guard await take(event) else {
                    place.withLock { $0.isDone = true }
                    return
                }
            }
            if let ending = connection.ending, ending != .lost { throw ending }
        }
    }
}
