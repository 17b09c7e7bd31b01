private import Glibc
internal import Sound
internal import VoiceCore

/// The audio file of a recording while it grows.
struct BlockAudio: ~Copyable {
    static let format = AudioFormat(sampleRate: UtteranceAudio.sampleRate)
    /// A pause is as long as it was, but for those in which nobody dictates any more.
    static let pauseLimit = 600 * UtteranceAudio.sampleRate

    private let descriptor: Int32
    /// Of each channel, what was written so far.
    private(set) var sampleCount = 0
    /// Of long pauses, what is not in the file.
    private var omittedCount = 0

    /// Begins a file; until it is finished its header says that nobody knows its length.
    init(_ path: String) throws(SystemFault) {
        descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFault(number: errno) }
        try BlockFolder.write(WAV.streamingHeader(Self.format), to: descriptor)
        try skip(Self.format.sampleCount(in: Recording.silence))
    }

    /// Takes up a file that nobody finished, behind all that it holds.
    init(mending path: String) throws(SystemFault) {
        descriptor = unsafe Glibc.open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw SystemFault(number: errno) }
        sampleCount = max(0, (Int(lseek(descriptor, 0, SEEK_END)) - WAV.headerByteCount) / 2)
    }

    deinit { close(descriptor) }

    /// Of the whole file.
    var byteCount: Int { WAV.headerByteCount + sampleCount * 2 }

    var duration: Duration { Self.format.duration(of: sampleCount) }

    /// Adds what was said, in its place: it may lie before what was added last, and what both hold is the same sound.
    ///
    /// - Parameter place: Where it belongs, from the first sample of the draft.
    /// - Returns: Where it lies in the file.
    mutating func add(_ samples: [Int16], at place: Duration) throws(SystemFault) -> ClosedRange<Duration> {
        let wanted = Self.format.sampleCount(in: place + Recording.silence) - omittedCount
        // What lies before a pause that was left out comes too late for its place.
        let start = wanted < 0 ? sampleCount : min(wanted, sampleCount + Self.pauseLimit)
        omittedCount += max(0, wanted - start)
        // What is left out before it reads as silence, and takes no room on most disks.
        guard lseek(descriptor, WAV.headerByteCount + start * 2, SEEK_SET) >= 0 else {
            throw SystemFault(number: errno)
        }
        try BlockFolder.write(PCM16.bytes(of: samples), to: descriptor)
        let end = start + samples.count
        sampleCount = max(sampleCount, end)
        return Self.format.duration(of: start)...Self.format.duration(of: end)
    }

    /// Adds silence, which takes no room on most disks.
    private mutating func skip(_ count: Int) throws(SystemFault) {
        sampleCount += count
        guard ftruncate(descriptor, byteCount) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
            throw SystemFault(number: errno)
        }
    }

    /// Ends the file with silence and a header that tells its length.
    mutating func finish() throws(SystemFault) {
        try skip(Self.format.sampleCount(in: Recording.silence))
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw SystemFault(number: errno) }
        try BlockFolder.write(WAV.header(Self.format, byteCount: sampleCount * 2), to: descriptor)
    }
}
