private import Glibc

/// How a pool of workers behaves.
package struct PoolOptions: Hashable, Sendable {
    /// How many workers speak at the same time at most.
    package var size: Int
    /// How many of them may do at the same time what nobody waits for; nil for all.
    package var spareSize: Int?
    /// How long a worker may take until it answers for the first time.
    package var startLimit: Duration = .seconds(120)
    /// How long a worker may go on after its request was cancelled, before it is killed and replaced.
    package var cancelLimit: Duration = .milliseconds(100)
    /// How long a worker may take to end when asked to, before it is killed.
    package var stopLimit: Duration = .milliseconds(500)
    /// How long a worker may send nothing while it speaks.
    package var silenceLimit: Duration = .seconds(10)
    /// How often an utterance's length is added to that before its text is there.
    ///
    /// Measured: the second reading of noise takes three times its length on a busy machine, and there may be ten such.
    package var lengthFactor = 30
    /// After how long without work a worker is ended; nil for never.
    package var idleLimit: Duration?
    /// How long a worker took to start when it was tried; nil where nobody knows.
    package var usualStart: Duration?
    /// Whether one worker is started before it is asked for.
    package var isWarm = true

    /// - Parameter size: At least 1; nil for the number of processors.
    package init(size: Int? = nil) {
        self.size = max(1, size ?? Self.processorCount)
    }

    /// ARCHITECTURE.md: a pool is at most the number of cores.
    package static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
