import Flow
import VoiceCore

/// Which connection has which listener, so that one that was cut off may be taken up again, under its own token only.
final class ListenerSeats: Sendable {
    /// Listeners that are gone and may come back: the newest so many.
    private static let vacantLimit = 1_024

    private struct Seat: Sendable {
        let token: TokenID
        /// The connection that has it; nil for one that is gone.
        var owner: Playbacks?
    }

    private struct Contents: Sendable {
        var seats: [ListenerID: Seat] = [:]
        /// Oldest first.
        var vacant: [ListenerID] = []
    }

    private let contents = Monitor(Contents())

    /// Gives a new listener its seat.
    func take(_ listener: ListenerID, token: TokenID, by connection: Playbacks) {
        contents.update { $0.seats[listener] = Seat(token: token, owner: connection) }
    }

    /// Takes up a listener that was cut off; the connection that still has it loses it.
    ///
    /// - Returns: Whether there is one under this token.
    func takeUp(_ listener: ListenerID, token: TokenID, by connection: Playbacks) async -> Bool {
        let (isOurs, former) = contents.update { contents -> (Bool, Playbacks?) in
            guard let seat = contents.seats[listener], seat.token == token else { return (false, nil) }
            contents.seats[listener]?.owner = connection
            contents.vacant.removeAll { $0 == listener }
            return (true, seat.owner)
        }
        if let former, former !== connection { await former.remove(listener) }
        return isOurs
    }

    /// Frees the seat, if the connection still has it.
    func leave(_ listener: ListenerID, by connection: Playbacks) {
        contents.update { contents in
            guard contents.seats[listener]?.owner === connection else { return }
            contents.seats[listener]?.owner = nil
            contents.vacant.append(listener)
            guard contents.vacant.count > Self.vacantLimit else { return }
            contents.seats.removeValue(forKey: contents.vacant.removeFirst())
        }
    }
}
