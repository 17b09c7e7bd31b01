import Flow

/// Makes the doors, and keeps what several addresses of one door share.
package final class DoorWorkshop: Service {
    private let pai = PAICounter()
    /// What PAI's own files say.
    package let paiFiles: PAIShelf

    package init(paiFiles: PAIShelf = PAIShelf()) {
        self.paiFiles = paiFiles
    }

    /// The door of an alias.
    func door(_ rule: VisitorRule, _ parts: GatewayParts) -> any ForeignDoor {
        switch rule.alias.name {
        case .pai: PAIDoor(parts: parts, rule: rule, files: paiFiles, counter: pai)
        }
    }

    /// Ends, with the server, what the doors have begun.
    package func run() async throws {
        await Latch().wait()
    }
}
