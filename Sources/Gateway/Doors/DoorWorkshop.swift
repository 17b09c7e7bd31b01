package import Flow

/// Makes the doors, and keeps what several addresses of one door share.
package final class DoorWorkshop: Service {
    private let pai = PAICounter()
    private let players = PAIPlayers()
    private let tts = TTSQueue()
    private let palaver = PalaverBoard()
    private let timeline: Timeline
    /// What PAI's own files say.
    package let paiFiles: PAIShelf

    /// Shows a notification on this machine's desktop, if it is to and there is room; nil where none are shown.
    private let show: PAINotification.Display?

    /// - Parameter show: Takes a title and a text, and tells whether they will be shown.
    package init(
        paiFiles: PAIShelf = PAIShelf(), show: (@Sendable (_ title: String, _ text: String) -> Bool)? = nil,
        timeline: Timeline = .live()
    ) {
        self.paiFiles = paiFiles
        self.show = show
        self.timeline = timeline
    }

    /// The door of an alias.
    func door(_ rule: VisitorRule, _ parts: GatewayParts) -> any ForeignDoor {
        switch rule.alias.name {
        case .pai: PAIDoor(parts: parts, rule: rule, files: paiFiles, counter: pai, players: players, show: show)
        case .tts: TTSDoor(parts: parts, rule: rule, queue: tts)
        case .palaver: PalaverDoor(parts: parts, rule: rule, board: palaver)
        }
    }

    /// Ends, with the server, what the doors have begun; their clients are told of every end first.
    package func run() async throws {
        await Latch().wait()
        // Ended by the wait for it: telling takes time, which a cancelled task does not have.
        await Task { [tts, timeline] in await tts.finish(timeline) }.value
    }
}
