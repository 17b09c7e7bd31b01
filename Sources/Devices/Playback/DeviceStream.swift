/// How far a device is, in samples since it was opened.
struct DeviceReading: Hashable, Sendable {
    /// Handed to the device's library.
    var written: Int
    /// Gone on from the library's buffer towards the loudspeaker.
    var taken: Int
    /// Out of the loudspeaker, as far as the device knows its own delay.
    var played: Int
    /// What the device plays before it plays what it takes now; nil if it does not tell.
    var delay: Int?
}

/// An open output device that plays mono audio at one rate; made, used and freed on one thread.
protocol DeviceStream: AnyObject {
    /// What plays; for logs.
    var device: OutputDevice { get }

    /// The device begins, and after a gap begins again, only once this many samples lie there.
    var prebufferCount: Int { get }

    /// Waits until something happened, the thread was woken or time is up.
    ///
    /// - Parameter wantsRoom: Whether room for samples ends the wait too.
    func wait(upTo limit: Duration, wantsRoom: Bool) throws(DeviceError)

    /// How many samples can be written now.
    var room: Int { get }

    /// - Parameter samples: At most `room`.
    func write(_ samples: [Int16]) throws(DeviceError)

    func reading() throws(DeviceError) -> DeviceReading

    /// Says that nothing more is written.
    func drain() throws(DeviceError)

    /// Whether all of it was played; only after `drain`.
    var isDrained: Bool { get }

    /// Replaces what was not played yet by a fade of 5 ms and silence.
    ///
    /// - Returns: Which sample is the first that nobody hears.
    func fadeOut() throws(DeviceError) -> Int
}

/// Opens a device for audio of a rate.
typealias DeviceOpener = @Sendable (_ sampleRate: Int, _ wakeup: Wakeup) throws(DeviceError) -> any DeviceStream
