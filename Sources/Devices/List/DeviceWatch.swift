private import Flow

/// Watches whether there is a device, on a thread of its own that sleeps until the sound server tells of a change.
///
/// Without a sound server, and without a device, it looks every 5 s.
final class DeviceWatch: Sendable {
    /// What was seen last; `version` grows with every look.
    struct Outlook: Sendable {
        var version: UInt64 = 0
        var device: Result<OutputDevice, DeviceError> = .failure(.noDevice)
    }

    private struct Contents: Sendable {
        var outlook = Outlook()
        var wantsLook = false
        var isStopped = false
    }

    private static let interval = Duration.seconds(5)

    private let finder: DeviceFinder
    private let contents = Monitor(Contents())
    private let wakeup = Wakeup()

    init(_ finder: DeviceFinder) {
        self.finder = finder
    }

    /// Starts the thread; `stop` ends it.
    func start() {
        DedicatedThread.detach(label: "speaker.watch") { self.watch() }
    }

    func stop() {
        contents.update { $0.isStopped = true }
        wakeup.wake()
    }

    /// Looks again now.
    func look() {
        contents.update { $0.wantsLook = true }
        wakeup.wake()
    }

    /// Tells what was seen last once more, without a look, for which a named ALSA device would have to be opened.
    func sayAgain() {
        contents.update { contents in
            if contents.outlook.version > 0 { contents.outlook.version += 1 }
        }
    }

    /// - Returns: The first outlook with a later version; nil when cancelled or stopped.
    func next(after version: UInt64) async -> Outlook? {
        let next: Outlook?? = await contents.wait { contents -> Outlook?? in
            if contents.isStopped { return .some(nil) }
            return contents.outlook.version > version ? .some(contents.outlook) : nil
        }
        return next ?? nil
    }

    private var isStopped: Bool { contents.withLock { $0.isStopped } }

    private func publish(_ look: () throws(DeviceError) -> OutputDevice) -> Bool {
        let device = Result(catching: look)
        contents.update { contents in
            contents.outlook.version += 1
            contents.outlook.device = device
        }
        guard case .success = device else { return false }
        return true
    }

    private func takeWish() -> Bool {
        contents.withLock { contents in
            defer { contents.wantsLook = false }
            return contents.wantsLook
        }
    }

    private func watch() {
        while !isStopped {
            do throws(DeviceError) {
                if case .alsa = finder.choice { throw .noServer }
                try follow(
                    PulseConnection(server: finder.pulseServer, wakeup: wakeup, within: DeviceFinder.answerLimit))
            } catch {
                watchWithoutServer()
            }
        }
    }

    /// Returns when stopped; throws when the server is gone or does not answer.
    private func follow(_ connection: PulseConnection) throws(DeviceError) {
        try connection.subscribe(within: DeviceFinder.answerLimit)
        var hold: PulseStream?
        while !isStopped {
            _ = connection.takeNews()
            _ = takeWish()
            let device: Result<OutputDevice, DeviceError> = Result { () throws(DeviceError) in
                try finder.device(connection)
            }
            if case .failure(let error) = device, error == .stuck || error == .lost { throw error }
            hold = Self.hold(try? device.get(), over: connection, now: hold)
            let isFound = publish { () throws(DeviceError) in try device.get() }
            try waitForNews(connection, upTo: isFound ? nil : Self.interval)
        }
    }

    /// A stream that never plays, so that a null sink stays near what it plays.
    ///
    /// PulseAudio's null sink renders up to 2 s ahead while nobody asks it for less, and keeps to that when a stream then
    /// asks: the first sample would sound that late. Sound cards take such audio back and need no hold.
    ///
    /// - Returns: nil if the device needs none, or the server gives none.
    private static func hold(
        _ device: OutputDevice?, over connection: PulseConnection, now hold: PulseStream?
    ) -> PulseStream? {
        guard let device, device.backend == .pulse, device.isDummy else { return nil }
        if let hold, hold.isGood, hold.device == device { return hold }
        return try? PulseStream(connection, device, isNamed: true, sampleRate: 48_000, isPaused: true)
    }

    /// Returns at a change of the server's, a wish to look, or the end of the time.
    private func waitForNews(_ connection: PulseConnection, upTo limit: Duration?) throws(DeviceError) {
        let clock = ContinuousClock()
        let end = limit.map { clock.now + $0 }
        var hasNews = false
        while !hasNews, !isStopped, !contents.withLock({ $0.wantsLook }) {
            let left = end.map { $0 - clock.now }
            if let left, left <= .zero { return }
            try connection.iterate(upTo: left)
            hasNews = connection.takeNews()
        }
        // A volume slider makes many changes; one look is enough for those of 100 ms.
        if hasNews, !isStopped { wakeup.wait(upTo: .milliseconds(100)) }
    }

    private func watchWithoutServer() {
        _ = takeWish()
        let isFound = publish(finder.deviceWithoutServer)
        guard !isStopped, !contents.withLock({ $0.wantsLook }) else { return }
        // A named ALSA device is opened to look at it, which is not done without need while there is one.
        if case .alsa = finder.choice, isFound {
            while !isStopped, !contents.withLock({ $0.wantsLook }) { wakeup.wait(upTo: .seconds(60)) }
        } else {
            wakeup.wait(upTo: Self.interval)
        }
    }
}
