import Flow
import VoiceCore
import Wire

/// Which connection has which listener, so that one that was cut off may be taken up again, under its own token only.
final class ListenerSeats: Sendable {
    /// Listeners that are gone and may come back: the newest so many.
    private static let vacantLimit = 1_024

    fileprivate struct Seat: Sendable {
        let token: TokenID
        let scope: ListenerScope
        /// The connection that has it; nil for one that is gone.
        var owner: Playbacks?
    }

    fileprivate struct Contents: Sendable {
        var seats: [ListenerID: Seat] = [:]
        /// Oldest first.
        var vacant: [ListenerID] = []
        var taken: [ListenerScope: Int] = [:]

        var takenCount: Int { seats.count - vacant.count }
    }

    private let contents = Monitor(Contents())
    private let limits: ServerLimits

    init(limits: ServerLimits) { self.limits = limits }

    /// Gives a new listener its seat.
    ///
    /// - Throws: `too_many_listeners` when all of its session, or of the server, are taken.
    func take(
        _ listener: ListenerID, in scope: ListenerScope, token: TokenID, by connection: Playbacks
    ) throws(ErrorReply) {
        let reached = contents.update { contents -> LimitName? in
            if let reached = reachedLimit(contents, scope) { return reached }
            contents.sit(Seat(token: token, scope: scope, owner: connection), listener)
            return nil
        }
        guard let reached else { return }
        let place = reached == .listeners ? "there are" : "this session has"
        throw ErrorReply(.tooManyListeners, "\(place) \(limits[reached]) listeners", limit: reached.rawValue)
    }

    /// Takes up a listener that was cut off; the connection that still has it loses it.
    ///
    /// - Returns: Whether there is one under this token, and room for it.
    func takeUp(
        _ listener: ListenerID, in scope: ListenerScope, token: TokenID, by connection: Playbacks
    ) async -> Bool {
        let (isOurs, former) = contents.update { contents -> (Bool, Playbacks?) in
            guard let seat = contents.seats[listener], seat.token == token else { return (false, nil) }
            guard seat.owner != nil || reachedLimit(contents, scope) == nil else { return (false, nil) }
            contents.stand(listener)
            contents.sit(Seat(token: token, scope: scope, owner: connection), listener)
            return (true, seat.owner)
        }
        if let former, former !== connection { await former.remove(listener) }
        return isOurs
    }

    /// Frees the seat, if the connection still has it.
    func leave(_ listener: ListenerID, by connection: Playbacks) {
        contents.update { contents in
            guard contents.seats[listener]?.owner === connection else { return }
            contents.stand(listener)
            guard contents.vacant.count > Self.vacantLimit else { return }
            contents.seats.removeValue(forKey: contents.vacant.removeFirst())
        }
    }

    private func reachedLimit(_ contents: Contents, _ scope: ListenerScope) -> LimitName? {
        if contents.takenCount >= limits[.listeners] { return .listeners }
        return (contents.taken[scope] ?? 0) >= limits[.listenersPerSession] ? .listenersPerSession : nil
    }
}

extension ListenerSeats.Contents {
    fileprivate mutating func sit(_ seat: ListenerSeats.Seat, _ listener: ListenerID) {
        vacant.removeAll { $0 == listener }
        seats[listener] = seat
        taken[seat.scope, default: 0] += 1
    }

    fileprivate mutating func stand(_ listener: ListenerID) {
        guard let seat = seats[listener], seat.owner != nil else { return }
        seats[listener]?.owner = nil
        vacant.append(listener)
        let rest = (taken[seat.scope] ?? 1) - 1
        taken[seat.scope] = rest > 0 ? rest : nil
    }
}
