/// Where a source's audio comes from on this machine.
package protocol AudioInput: Sendable {
    /// In hertz.
    var sampleRate: Int { get }

    /// Whether it comes as it is heard, so that what nobody takes in time is lost.
    var isLive: Bool { get }

    /// The next samples of one channel, some 20 to 100 ms; nil at the end, or when the task was cancelled.
    func next() async throws -> [Int16]?
}
