package import Flow
package import VoiceCore

/// The machine's own loudspeaker, as a listener.
///
/// Looks for its device anew at each playback; a device that hangs or dies costs one playback and blocks nothing.
package final class LocalSpeaker: Listener, Service {
    private struct Contents: Sendable {
        var playing: [JobID: SpeakerPlayback] = [:]
        /// Whether the directory counts on a new beginning: at first, and after the device went away in mid-job.
        var mustAttach = true
        /// Whether the directory may think otherwise of the readiness than it was last told.
        var mustTell = false
        var isStopping = false
    }

    package let description: ListenerDescription
    private let finder: DeviceFinder
    private let directory: any ListenerDirectory
    private let watch: DeviceWatch
    private let log: Log
    private let contents = Monitor(Contents())
    private let pool = TaskPool()

    /// - Parameters:
    ///   - pulseServer: The address of the sound server; nil for the user's own.
    ///   - directory: Where it attaches itself while `run` works.
    package init(
        description: ListenerDescription = LocalSpeaker.defaultDescription, choice: SpeakerChoice = .automatic,
        pulseServer: String? = nil, directory: any ListenerDirectory, log: Log = Log(label: "speaker")
    ) {
        self.description = description
        finder = DeviceFinder(choice: choice, pulseServer: pulseServer)
        watch = DeviceWatch(finder)
        self.directory = directory
        self.log = log
    }

    /// What the server's own speaker is known as.
    package static var defaultDescription: ListenerDescription {
        var description = ListenerDescription(
            id: ListenerID("lis_local"), kind: "speaker", scope: .everyone, output: .local)
        // A device that was left alone may first play the silence it has ahead. With the 400 ms that everybody has this
        // is the longest window there is.
        description.startLatency = .milliseconds(1_100)
        return description
    }

    /// Attaches itself, tells when the device comes or goes, and detaches when cancelled.
    package func run() async throws {
        watch.start()
        var version: UInt64 = 0
        var told: Readiness?
        while let outlook = await watch.next(after: version) {
            version = outlook.version
            let readiness = Self.readiness(outlook.device)
            await tell(readiness, isNews: readiness != told)
            told = readiness
        }
        watch.stop()
        await stopPlaying()
        await directory.detach(self)
    }

    package func play(_ take: Take, of job: JobID, from position: Duration) async -> Channel<PlaybackReport> {
        let finder = finder
        let playback = SpeakerPlayback(take: take, position: position, trim: description.trim) {
            rate, wakeup throws(DeviceError) in
            try finder.open(sampleRate: rate, wakeup: wakeup)
        }
        let isAccepted = contents.update { contents in
            guard !contents.isStopping else { return false }
            contents.playing[job] = playback
            return true
        }
        guard isAccepted else {
            playback.reports.report(.gone)
            return playback.reports.channel
        }
        pool.start { [self] in
            let end = await playback.run()
            settle(end, of: job, playback)
        }
        return playback.reports.channel
    }

    /// Silences a job, and says again whether it is ready: a listener whose reports were late is flushed, too, and is
    /// counted on only when it has said so.
    package func flush(_ job: JobID) async {
        contents.update { $0.mustTell = true }
        contents.withLock { $0.playing[job] }?.flush()
        watch.sayAgain()
    }

    private static func readiness(_ device: Result<OutputDevice, DeviceError>) -> Readiness {
        switch device {
        case .success: .ready
        case .failure(let error): .notReady(reason: error.reason)
        }
    }

    private func tell(_ readiness: Readiness, isNews: Bool) async {
        let (mustAttach, mustTell) = contents.update { contents in
            defer { (contents.mustAttach, contents.mustTell) = (false, false) }
            return (contents.mustAttach, contents.mustTell)
        }
        if isNews { log.info("speaker_looked_for", ["ready": readiness.isReady, "device": readiness.text]) }
        if mustAttach {
            _ = await directory.attach(self, readiness, resuming: nil)
        } else if mustTell || isNews {
            await directory.setReadiness(readiness, of: description.id)
        }
    }

    /// Looks for the device again after a playback that did not go well.
    private func settle(_ end: PlaybackReport, of job: JobID, _ playback: SpeakerPlayback) {
        let wentWell =
            switch end {
            case .finished: true
            case .flushed: playback.reports.hasStarted
            default: false
            }
        contents.update { contents in
            // A job that was paused may be playing again by now.
            if contents.playing[job] === playback { contents.playing.removeValue(forKey: job) }
            if end == .gone { contents.mustAttach = true }
            if !wentWell { contents.mustTell = true }
        }
        guard !wentWell else { return }
        log.info("playback_ended_early", ["job": job.rawValue, "end": end.text])
        watch.look()
    }

    private func stopPlaying() async {
        contents.update { $0.isStopping = true }
        await pool.stop()
        contents.update { $0.playing = [:] }
    }
}

extension Readiness {
    /// For logs.
    fileprivate var text: String {
        switch self {
        case .ready: "found"
        case .notReady(let reason): reason
        }
    }
}

extension PlaybackReport {
    /// For logs; only last ones are logged.
    fileprivate var text: String {
        switch self {
        case .failed(let reason): reason
        case .gone: "gone"
        default: "flushed"
        }
    }
}
