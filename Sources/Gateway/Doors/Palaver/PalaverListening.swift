import Flow
import JSON
import Net
import VoiceCore
import Wire

/// One connection at `/events`: subscribes in either dialect, and gets each event in the dialect it asked in.
struct PalaverListening: Sendable {
    /// RFC 6455, section 7.4.1: what the later version closes with where nothing is subscribed to.
    private static let unacceptable: UInt16 = 1_003
    /// A subscription may have so many names.
    private static let nameLimit = 64
    /// Frames that may be on their way before the next one is taken.
    private static let unsentLimit = 256 * 1_024

    let parts: GatewayParts
    let board: PalaverBoard
    let follower: PalaverFollower

    init(_ socket: WebSocket, _ grant: Grant, session: SessionID, parts: GatewayParts, board: PalaverBoard) {
        self.parts = parts
        self.board = board
        follower = PalaverFollower(socket, grant, session: session)
    }

    func serve() async {
        board.join(follower)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await parts.readers.read { await follow() } }
            group.addTask { await send() }
            await receive()
            group.cancelAll()
        }
        board.leave(follower)
    }

    private func receive() async {
        while let message = await follower.socket.receive() {
            do throws(ErrorReply) {
                guard case .text(let text) = message else { throw ErrorReply(WireError.invalidJSON) }
                try take(text)
            } catch {
                parts.counters.refused(error.code)
                follower.send(Frame.text(PalaverReply.error(error, at: .events)))
            }
        }
    }

    private func take(_ text: String) throws(ErrorReply) {
        let value: JSONValue
        do throws(WireError) {
            value = try JSONText.value(of: Array(text.utf8))
        } catch {
            throw ErrorReply(error)
        }
        guard case .object(let members) = value else {
            throw ErrorReply(WireError.wrongType(field: "", wanted: "an object"))
        }
        if let list = members["subscribe"] {
            let names = try names(list, "subscribe")
            guard !names.isEmpty else {
                return follower.socket.close(code: Self.unacceptable, reason: "nothing subscribed")
            }
            let interests = try interests(names, in: .classes)
            follower.change { $0.formUnion(interests) }
            return
        }
        guard let type = members["type"]?.text else { throw ErrorReply(WireError.missingField("type")) }
        guard type == "subscribe" || type == "unsubscribe" else { throw ErrorReply(WireError.unknownCommand(type)) }
        guard let list = members["event_types"] else { throw ErrorReply(WireError.missingField("event_types")) }
        let interests = try interests(try names(list, "event_types"), in: .design)
        follower.change { known in
            if type == "subscribe" { known.formUnion(interests) } else { known = Self.remove(interests, from: known) }
        }
    }

    /// What is left of subscriptions when some kinds are given up, also those that came with `all`.
    private static func remove(
        _ interests: Set<PalaverInterest>, from known: Set<PalaverInterest>
    ) -> Set<PalaverInterest> {
        let gone = interests.reduce(into: Set<PalaverKind>()) { $0.formUnion($1.kinds) }
        return Set(known.map { PalaverInterest(dialect: $0.dialect, kinds: $0.kinds.subtracting(gone)) })
    }

    private func names(_ list: JSONValue, _ field: String) throws(ErrorReply) -> [String] {
        guard let elements = list.elements, elements.count <= Self.nameLimit else {
            throw ErrorReply(WireError.wrongType(field: field, wanted: "a list of at most \(Self.nameLimit) names"))
        }
        let names = elements.compactMap(\.text)
        guard names.count == elements.count else {
            throw ErrorReply(WireError.wrongType(field: field, wanted: "a list of names"))
        }
        return names
    }

    private func interests(_ names: [String], in form: PalaverDialect) throws(ErrorReply) -> Set<PalaverInterest> {
        var interests: Set<PalaverInterest> = []
        for name in names {
            guard let interest = PalaverInterest(name, in: form) else { throw ErrorReply(WireError.unknownEvent(name)) }
            // A word for all means all that the token may have; who names the sound learns why there is none.
            if interest.kinds == [.audioChunk], !PalaverFollower.mayLearn(.audioChunk, follower.grant) {
                throw ErrorReply(.notAllowed, "\(name) holds audio, which needs the scope listen")
            }
            interests.insert(interest)
        }
        return interests
    }

    // MARK: Telling

    /// Turns what happens to the streams into Palaver's events.
    private func follow() async {
        var cursor = parts.events.cursor { [session = follower.session, grant = follower.grant] event in
            event.session == session && event.isVisible(to: grant)
        }
        var teller = PalaverTeller(board: board, hearing: parts.hearing)
        while let item = await cursor.next() {
            switch item {
            case .fact(let sequence, let event):
                for told in await teller.events(event, sequence: sequence) {
                    for dialect in follower.dialects(for: told.kind) {
                        follower.send(Frame.text(told.json(in: dialect)))
                    }
                }
            // Who was overtaken by thousands of facts is told so by the end of the connection.
            case .lost: follower.line.finish()
            case .reading: continue
            }
        }
    }

    private func send() async {
        while let frame = await follower.line.next() {
            follower.socket.send(frame)
            guard await follower.socket.waitForRoom(within: Self.unsentLimit) else { return }
        }
        // The line ends by itself only when it was full.
        guard !Task.isCancelled else { return }
        follower.socket.close(code: ErrorCode.takesNothing.closeCode, reason: ErrorCode.takesNothing.rawValue)
    }
}
