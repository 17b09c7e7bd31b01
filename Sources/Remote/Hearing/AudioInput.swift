/// Where a source's audio comes from on this machine.
package protocol AudioInput: Sendable {
    /// In hertz.
    var sampleRate: Int { get }

    /// What happens to audio that nobody takes in time.
    var supply: AudioSupply { get }

    /// What comes next; nil at the end, or when the task was cancelled.
    func next() async throws -> AudioPiece?
}

/// What happens to audio that nobody takes in time.
package enum AudioSupply: Hashable, Sendable {
    /// It comes as it is heard and is lost.
    case live
    /// It is held up, and who writes it may lose what is said meanwhile: held up as late as possible, and not by a pause.
    case pipe
    /// It waits.
    case recording
}

/// A part of what an input gives.
package enum AudioPiece: Hashable, Sendable {
    /// One channel, some 20 to 100 ms.
    case samples([Int16])
    /// The device is gone; it is awaited.
    case lost
    /// So much was not heard: the device was gone, or nobody took in time what it heard.
    case missing(Duration)
    /// The recording is over, so much before its header says.
    case short(by: Duration)
}
