package import Flow

/// What is known of a session.
package struct SessionInfo: Hashable, Sendable {
    package var id: SessionID
    package var name: String?
    /// The voice of requests that name none.
    package var voice: String?
    /// Made over loopback or an alias: what nobody hears elsewhere sounds on the server's own speaker.
    package var isLocal: Bool
    package var createdAt: WallTime
    /// Whether what is said in it may be kept.
    package var isStored = true
    /// How many connections hold it.
    package var connectionCount = 0
    /// How many of its jobs have not ended.
    package var jobCount = 0
    /// How many of its sources have not ended.
    package var sourceCount = 0

    package init(id: SessionID, name: String? = nil, voice: String? = nil, isLocal: Bool, createdAt: WallTime) {
        self.id = id
        self.name = name
        self.voice = voice
        self.isLocal = isLocal
        self.createdAt = createdAt
    }

    /// Where `deliver: auto` goes (PROTOCOL.md, section 5.2).
    package var steps: [RouteStep] { isLocal ? [.session, .any, .local] : [.session, .any] }
}

/// Why a session was not opened.
package enum SessionError: Error, Hashable, Sendable {
    case badName
    case tooMany(limit: Int)
}

/// The participants' places: made by `hello` or over HTTP, held by connections, ended by hand or by time.
package actor SessionRegistry: Service {
    /// PROTOCOL.md, section 1: a session outlives its last connection, request, job or source by 10 minutes.
    package static let defaultExpiry = Duration.seconds(600)
    /// How many sessions may live at once.
    package static let limit = 1_000

    private struct Entry {
        var info: SessionInfo
        var usedAt: Duration
    }

    private var entries: [SessionID: Entry] = [:]
    private let events: Broadcast<Event>
    private let timeline: Timeline
    private let expiry: Duration
    private let unkept: UnkeptSessions
    private let shelf: any SessionShelf
    private let alarm: Alarm

    package init(
        events: Broadcast<Event>, timeline: Timeline, expiry: Duration = SessionRegistry.defaultExpiry,
        unkept: UnkeptSessions = UnkeptSessions(), shelf: any SessionShelf = NoSessionShelf()
    ) {
        self.shelf = shelf
        self.unkept = unkept
        self.events = events
        self.timeline = timeline
        self.expiry = expiry
        alarm = Alarm(timeline: timeline)
        let info = SessionInfo(id: .default, isLocal: true, createdAt: .now())
        entries[.default] = Entry(info: info, usedAt: timeline.now)
    }

    /// Ends sessions that nobody has used for a while, until cancelled.
    package func run() async throws {
        while !Task.isCancelled {
            await alarm.wait()
            expire()
        }
    }

    /// Takes over the sessions of the server before this one, as if each was used just now.
    package func restore(_ sessions: [SessionInfo]) {
        for session in sessions {
            entries[session.id] = Entry(info: session, usedAt: timeline.now)
            unkept.note(session.id, isKept: session.isStored)
        }
        setAlarm()
    }

    /// Makes a session, or finds the living one of that id.
    ///
    /// - Parameters:
    ///   - id: Nil for a new name.
    ///   - isStored: Whether what is said in it may be kept; nil for yes, or for what holds already.
    package func open(
        _ id: SessionID?, name: String? = nil, voice: String? = nil, isStored: Bool? = nil, isLocal: Bool
    ) throws(SessionError) -> SessionInfo {
        let id = id ?? .random()
        guard id.isAcceptable else { throw .badName }
        if let entry = entries[id] {
            touch(id)
            if let isStored { setStored(isStored, id) }
            return entries[id]?.info ?? entry.info
        }
        guard entries.count < Self.limit else { throw .tooMany(limit: Self.limit) }
        var info = SessionInfo(id: id, name: name, voice: voice, isLocal: isLocal, createdAt: .now())
        entries[id] = Entry(info: info, usedAt: timeline.now)
        setStored(isStored ?? true, id)
        info = entries[id]?.info ?? info
        events.publish(event: Event(.sessionStarted, session: id))
        setAlarm()
        return info
    }

    private func setStored(_ isStored: Bool, _ id: SessionID) {
        entries[id]?.info.isStored = isStored
        unkept.note(id, isKept: isStored)
        if let info = entries[id]?.info { shelf.keep(info) }
    }

    /// Makes a session that lives as long as the server.
    package func keep(_ id: SessionID, isLocal: Bool) throws(SessionError) {
        hold(try open(id, isLocal: isLocal).id)
    }

    /// What is known of a session; nil for one that is not there.
    package func info(_ id: SessionID) -> SessionInfo? { entries[id]?.info }

    /// By age, the oldest first.
    package func list(visibleTo grant: Grant) -> [SessionInfo] {
        entries.values.map(\.info).filter { grant.covers($0.id) }
            .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// A connection begins to hold the session.
    package func hold(_ id: SessionID) { begin(\.connectionCount, of: id) }

    /// A connection holds the session no longer.
    package func release(_ id: SessionID) { end(\.connectionCount, of: id) }

    /// A job of the session was accepted: the session lives as long as the job.
    package func beginJob(of id: SessionID) { begin(\.jobCount, of: id) }

    /// A job of the session has ended.
    package func endJob(of id: SessionID) { end(\.jobCount, of: id) }

    /// A source of the session was opened: the session lives as long as the source.
    package func beginSource(of id: SessionID) { begin(\.sourceCount, of: id) }

    /// A source of the session has ended.
    package func endSource(of id: SessionID) { end(\.sourceCount, of: id) }

    private func begin(_ use: WritableKeyPath<SessionInfo, Int>, of id: SessionID) {
        entries[id]?.info[keyPath: use] += 1
        touch(id)
    }

    private func end(_ use: WritableKeyPath<SessionInfo, Int>, of id: SessionID) {
        guard let count = entries[id]?.info[keyPath: use], count > 0 else { return }
        entries[id]?.info[keyPath: use] = count - 1
        touch(id)
    }

    /// A request has used the session just now.
    package func touch(_ id: SessionID) {
        entries[id]?.usedAt = timeline.now
        setAlarm()
    }

    /// Gives a session another name or voice, or says whether it is stored; nil for what stays.
    ///
    /// - Returns: Nil if there is no such session.
    package func update(_ id: SessionID, name: String?, voice: String?, isStored: Bool? = nil) -> SessionInfo? {
        guard var info = entries[id]?.info else { return nil }
        info.name = name ?? info.name
        info.voice = voice ?? info.voice
        info.isStored = isStored ?? info.isStored
        touch(id)
        guard info != entries[id]?.info else { return info }
        entries[id]?.info = info
        setStored(info.isStored, id)
        events.publish(event: Event(.sessionUpdated(name: info.name, voice: info.voice), session: id))
        return info
    }

    /// - Returns: Whether there was such a session; `default` never ends.
    package func end(_ id: SessionID, reason: String = "requested") -> Bool {
        guard id != .default, entries.removeValue(forKey: id) != nil else { return false }
        unkept.end(id)
        shelf.forget(id)
        events.publish(event: Event(.sessionEnded(reason: reason), session: id))
        setAlarm()
        return true
    }

    private func expire() {
        let due = entries.values.filter { isExpirable($0) && $0.usedAt + expiry <= timeline.now }
        for entry in due { _ = end(entry.info.id, reason: "expired") }
        setAlarm()
    }

    private func isExpirable(_ entry: Entry) -> Bool {
        let uses = entry.info.connectionCount + entry.info.jobCount + entry.info.sourceCount
        return uses == 0 && entry.info.id != .default
    }

    private func setAlarm() {
        alarm.set(entries.values.filter(isExpirable).map { $0.usedAt + expiry }.min())
    }
}
