package import Flow

/// How patient we are with a server elsewhere.
package struct RemoteLimits: Sendable {
    /// Until somebody answers at the address; a server that is there answers within one round trip.
    package var connect = Duration.seconds(5)
    /// Until the first byte, and between any two pieces of an answer.
    package var silence = Duration.seconds(20)
    /// How long a 429 may ask to wait so that it is waited for; beyond that somebody else speaks.
    package var shortPause = Duration.seconds(3)
    /// How often a request is made again after a 429.
    package var repeatCount = 2
    /// How often the list of voices is read again while all is well.
    package var refresh = Duration.seconds(300)
    package var timeline = Timeline.live()

    /// - Parameter silence: Nil for 20 s.
    package init(silence: Duration? = nil) {
        if let silence {
            self.silence = silence
            connect = min(connect, silence)
        }
    }
}
