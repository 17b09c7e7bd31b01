import Flow
import Hearing
import Net
import VoiceCore

/// What all connections of the door share: whose streams there are, who follows their audio, and which rescanner there is.
final class PalaverBoard: Sendable {
    /// A stream that is heard here, or was heard until a moment ago.
    struct Seat: Sendable {
        var stream: PalaverStream
        /// Whether its text is still to come.
        var isOver = false
    }

    private struct Contents: Sendable {
        var seats: [SourceID: Seat] = [:]
        /// Streams that ended, the oldest first; what was said last may still be told.
        var ended: [SourceID] = []
        var followers: [UInt64: PalaverFollower] = [:]
        var rescanner: (url: String, at: WallTime)?
    }

    /// Palaver's own: a rescanner registers every second, and is gone after five.
    private static let rescannerLife = Duration.seconds(5)

    /// Ended streams whose names are remembered: four times as many as there may be sources.
    private static let memory = 1_024

    private let contents = Monitor(Contents())

    // MARK: Streams

    func add(_ stream: PalaverStream, as id: SourceID) { contents.withLock { $0.seats[id] = Seat(stream: stream) } }

    /// A stream is over; it is remembered until many others have ended.
    func end(_ id: SourceID) {
        contents.withLock { contents in
            guard contents.seats[id]?.isOver == false else { return }
            contents.seats[id]?.isOver = true
            contents.ended.append(id)
            if contents.ended.count > Self.memory { contents.seats[contents.ended.removeFirst()] = nil }
        }
    }

    func stream(of id: SourceID?) -> PalaverStream? { id.flatMap { id in contents.withLock { $0.seats[id]?.stream } } }

    /// From now on speech of a stream is found otherwise; what is left open stays as it is.
    func change(_ id: SourceID, _ detection: PalaverDetection) {
        contents.withLock { contents in
            guard let known = contents.seats[id]?.stream.detection.settings else { return }
            contents.seats[id]?.stream.detection = PalaverDetection(known.updated(by: detection.settings))
        }
    }

    /// How speech of a stream is found; what its client asked for last, once it has ended.
    func detection(of id: SourceID?, _ hearing: SourceDirectory?) async -> PalaverDetection {
        guard let id else { return PalaverDetection() }
        if let living = await hearing?.detection(of: id) { return PalaverDetection(living) }
        return contents.withLock { $0.seats[id]?.stream.detection } ?? PalaverDetection()
    }

    /// Those that are being sent.
    var sources: [SourceID] { contents.withLock { $0.seats.filter { !$0.value.isOver }.keys.sorted() } }

    // MARK: Followers

    func join(_ follower: PalaverFollower) { contents.withLock { $0.followers[follower.socket.id] = follower } }

    func leave(_ follower: PalaverFollower) {
        contents.withLock { _ = $0.followers.removeValue(forKey: follower.socket.id) }
    }

    var followerCount: Int { contents.withLock { $0.followers.count } }

    /// Tells an event of a stream to those who want it and may know it; what is not wanted is never made.
    func tell(_ kind: PalaverKind, in session: SessionID, _ event: () -> PalaverEvent) {
        let wanting = contents.withLock { contents in
            contents.followers.values.filter { $0.mayLearn(kind, of: session) }
                .flatMap { follower in follower.dialects(for: kind).map { (follower, $0) } }
        }
        guard !wanting.isEmpty else { return }
        let event = event()
        var frames: [PalaverDialect: Frame] = [:]
        for (follower, dialect) in wanting {
            let frame = frames[dialect] ?? Frame.text(event.json(in: dialect))
            frames[dialect] = frame
            follower.send(frame, isChunk: kind == .audioChunk)
        }
    }

    // MARK: The rescanner

    func register(_ url: String) { contents.withLock { $0.rescanner = (url, .now()) } }

    var rescanner: (url: String, at: WallTime, isThere: Bool)? {
        contents.withLock { contents in
            contents.rescanner.map { ($0.url, $0.at, WallTime.now() < $0.at + Self.rescannerLife) }
        }
    }
}

/// Somebody who follows what happens, with a bounded line of frames to take.
final class PalaverFollower: Sendable {
    /// Frames that may wait: 30 s of Palaver's chunks, or an hour of talk.
    private static let lineLength = 1_000
    /// Chunks give up their places first, so that text is never dropped for audio.
    private static let chunkLimit = 800

    let socket: WebSocket
    let grant: Grant
    /// The only session whose streams it follows.
    let session: SessionID
    /// What waits to be sent.
    let line = Channel<Frame>(capacity: lineLength)
    private let interests = Monitor<Set<PalaverInterest>>([])

    init(_ socket: WebSocket, _ grant: Grant, session: SessionID) {
        self.socket = socket
        self.grant = grant
        self.session = session
    }

    func change(_ change: (inout Set<PalaverInterest>) -> Void) { interests.withLock { change(&$0) } }

    /// Whether such an event of a session may be told to it at all.
    func mayLearn(_ kind: PalaverKind, of session: SessionID) -> Bool {
        session == self.session && grant.covers(session) && Self.mayLearn(kind, grant)
    }

    /// Whether a token may have such events: the sound itself is for those who may hear it.
    static func mayLearn(_ kind: PalaverKind, _ grant: Grant) -> Bool {
        kind != .audioChunk || grant.allows(.listen)
    }

    /// In which dialects an event is wanted; both, if both were asked for.
    func dialects(for kind: PalaverKind) -> Set<PalaverDialect> {
        interests.withLock { Set($0.filter { $0.kinds.contains(kind) }.map(\.dialect)) }
    }

    /// Puts a frame into the line; chunks of audio are left out while much waits, and a line that is full ends.
    func send(_ frame: Frame, isChunk: Bool = false) {
        if isChunk, line.count >= Self.chunkLimit { return }
        if !line.offer(frame) { line.finish() }
    }
}
