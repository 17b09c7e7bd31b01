package import Flow

/// Makes the doors, and keeps what several addresses of one door share.
package final class DoorWorkshop: Service {
    private let pai = PAICounter()
    private let players = PAIPlayers()
    private let tts = TTSQueue()
    private let timeline: Timeline
    /// What PAI's own files say.
    package let paiFiles: PAIShelf

    package init(paiFiles: PAIShelf = PAIShelf(), timeline: Timeline = .live()) {
        self.paiFiles = paiFiles
        self.timeline = timeline
    }

    /// The door of an alias.
    func door(_ rule: VisitorRule, _ parts: GatewayParts) -> any ForeignDoor {
        switch rule.alias.name {
        case .pai: PAIDoor(parts: parts, rule: rule, files: paiFiles, counter: pai, players: players)
        case .tts: TTSDoor(parts: parts, rule: rule, queue: tts)
        }
    }

    /// Ends, with the server, what the doors have begun; their clients are told of every end first.
    package func run() async throws {
        await Latch().wait()
        // Ended by the wait for it: telling takes time, which a cancelled task does not have.
        await Task { [tts, timeline] in await tts.finish(timeline) }.value
    }
}
