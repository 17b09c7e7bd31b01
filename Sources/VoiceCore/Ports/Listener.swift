package import Flow

/// Whose audio a listener wants.
package enum ListenerScope: Hashable, Sendable {
    case session(SessionID)
    /// `*`: everybody's, as far as its grant covers it.
    case everyone
}

/// Whether a listener can be heard now.
package enum Readiness: Hashable, Sendable {
    case ready
    /// `suspended`, `muted`, `no_device`, `quiet_hours` or another word that says why.
    case notReady(reason: String)

    /// It is not to sound at this time of the day.
    package static let quiet = Readiness.notReady(reason: "quiet_hours")

    package var isReady: Bool { self == .ready }

    /// Whether what sounds there goes on to its end: nobody is to be cut short by a clock.
    package var letsSoundEnd: Bool { self == .ready || self == .quiet }
}

/// What is known of a listener.
package struct ListenerDescription: Hashable, Sendable {
    package var id: ListenerID
    /// `browser`, `speaker`, `play`, or what the client calls itself.
    package var kind: String
    package var scope: ListenerScope
    /// The loudspeakers it sounds on.
    package var output: OutputID
    /// Under which token it was opened; only that one may resume it.
    package var token: TokenID?
    /// The only session whose jobs may reach it, by its token; nil for all.
    package var grantSession: SessionID?
    /// Whether it tells what it played; others are `assumed`.
    package var reportsPlayback = true
    /// How long its device needs before the first sample sounds.
    package var startLatency = Duration.zero
    package var device: String?
    package var trim = ListenerTrim()

    package init(
        id: ListenerID, kind: String, scope: ListenerScope, output: OutputID, token: TokenID? = nil,
        grantSession: SessionID? = nil
    ) {
        self.id = id
        self.kind = kind
        self.scope = scope
        self.output = output
        self.token = token
        self.grantSession = grantSession
    }
}

/// What a listener tells of a job it plays.
package enum PlaybackReport: Hashable, Sendable {
    /// The first audio was taken by the socket or device.
    case sent
    /// The first sample sounded; the position in job time.
    case started(at: Duration)
    /// What has left the loudspeaker so far.
    case progress(at: Duration)
    /// The last sample has left the loudspeaker.
    case finished(at: Duration)
    /// It fell silent as asked, at this position.
    case flushed(at: Duration)
    /// It cannot play this.
    case failed(reason: String)
    /// Its connection or device is gone.
    case gone

    /// Whether nothing follows it.
    package var isLast: Bool {
        switch self {
        case .sent, .started, .progress: false
        case .finished, .flushed, .failed, .gone: true
        }
    }
}

/// A place where audio is heard; it lives where its transport lives.
package protocol Listener: AnyObject, Sendable {
    var description: ListenerDescription { get }

    /// Begins to play a job's audio.
    ///
    /// One job at a time is asked of a listener: the next `play` comes after the last report of the one before.
    ///
    /// - Parameters:
    ///   - position: Where to begin, in job time.
    /// - Returns: Its reports, read by the caller to the end; the listener finishes the channel after the last one.
    func play(_ take: Take, of job: JobID, from position: Duration) async -> Channel<PlaybackReport>

    /// Falls silent at once and forgets the job; answers with `flushed` on its channel. Jobs it does not know it ignores.
    func flush(_ job: JobID) async
}

/// What a listener that was cut off still holds.
package struct Resumption: Hashable, Sendable {
    package var job: JobID
    /// Up to here the listener has the audio and goes on playing it, in job time.
    package var received: Duration

    package init(job: JobID, received: Duration) {
        self.job = job
        self.received = received
    }
}

/// Where listeners come and go; kept by the one who decides what they hear.
package protocol ListenerDirectory: Sendable {
    /// Adds a listener, or replaces the one of the same id by its new connection.
    ///
    /// - Returns: Whether the job of `resumption` goes on there, without a new beginning.
    func attach(_ listener: any Listener, _ readiness: Readiness, resuming resumption: Resumption?) async -> Bool

    /// Tells whether a listener can be heard now.
    func setReadiness(_ readiness: Readiness, of listener: ListenerID) async

    /// Sets how loud and how late it is, and what is not to sound there.
    func setTrim(_ trim: ListenerTrim, of listener: ListenerID) async

    /// Tells how long a message and its answer take, smoothed.
    func setRoundTrip(_ roundTrip: Duration, of listener: ListenerID) async

    /// Removes a listener; nothing if another connection has taken its place.
    func detach(_ listener: any Listener) async
}
