package import Flow
package import VoiceCore

/// Stands between a speaker and its directory, and tells that it is not ready in its quiet hours.
///
/// A sentence that sounds when they begin is said to its end; that is the directory's part (`Readiness.letsSoundEnd`).
package final class QuietListener: ListenerDirectory, Service {
    /// The wall clock may be set and a machine may sleep, so the time is looked at instead of waited for.
    private static let interval = Duration.seconds(5)

    fileprivate struct Contents: Sendable {
        var listener: ListenerID?
        var readiness = Readiness.notReady(reason: "starting")
        var isQuiet: Bool
    }

    private let hours: QuietHours
    private let directory: any ListenerDirectory
    private let timeline: Timeline
    private let minute: @Sendable () -> Int
    private let contents: Monitor<Contents>

    /// - Parameters:
    ///   - directory: Where the speaker is told of.
    ///   - minute: The minute of the day where the speaker stands.
    package init(
        _ hours: QuietHours, directory: any ListenerDirectory, timeline: Timeline,
        minute: @escaping @Sendable () -> Int = QuietHours.minuteNow
    ) {
        self.hours = hours
        self.directory = directory
        self.timeline = timeline
        self.minute = minute
        contents = Monitor(Contents(isQuiet: hours.contains(minute())))
    }

    /// Looks at the clock until cancelled.
    package func run() async throws {
        while !Task.isCancelled {
            await timeline.sleep(until: timeline.now + Self.interval)
            guard !Task.isCancelled else { return }
            await look()
        }
    }

    private func look() async {
        let isQuiet = hours.contains(minute())
        let change = contents.update { contents -> (ListenerID, Readiness)? in
            guard isQuiet != contents.isQuiet else { return nil }
            contents.isQuiet = isQuiet
            return contents.listener.map { ($0, contents.told) }
        }
        if let (listener, readiness) = change { await directory.setReadiness(readiness, of: listener) }
    }

    package func attach(
        _ listener: any Listener, _ readiness: Readiness, resuming resumption: Resumption?
    ) async -> Bool {
        let told = contents.update { contents in
            contents.listener = listener.description.id
            contents.readiness = readiness
            return contents.told
        }
        return await directory.attach(listener, told, resuming: resumption)
    }

    package func setReadiness(_ readiness: Readiness, of listener: ListenerID) async {
        let told = contents.update { contents in
            contents.readiness = readiness
            return contents.told
        }
        await directory.setReadiness(told, of: listener)
    }

    package func setTrim(_ trim: ListenerTrim, of listener: ListenerID) async {
        await directory.setTrim(trim, of: listener)
    }

    package func setRoundTrip(_ roundTrip: Duration, of listener: ListenerID) async {
        await directory.setRoundTrip(roundTrip, of: listener)
    }

    package func detach(_ listener: any Listener) async {
        await directory.detach(listener)
    }
}

extension QuietListener.Contents {
    /// A speaker without a device says that, by day and by night.
    fileprivate var told: Readiness { isQuiet && readiness.isReady ? .quiet : readiness }
}
