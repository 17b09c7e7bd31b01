import Flow
import VoiceCore

/// The channels of all jobs that sound, so that connections with the same need share one.
final class ChannelTable: Sendable {
    fileprivate struct Key: Hashable, Sendable {
        let job: JobID
        let sampleRate: Int
        let position: Duration
    }

    fileprivate struct Contents: Sendable {
        var channels: [Key: JobChannel] = [:]
        var lastNumber: UInt32 = 0
    }

    private let contents = Monitor(Contents())
    /// Reads the takes; each of its tasks ends with its channel.
    private let pool = TaskPool()

    /// How many channels are open.
    var count: Int { contents.withLock { $0.channels.count } }

    /// The channel of a job, made if there is none.
    ///
    /// - Parameter unsuitable: One that was found and cannot be joined; it is replaced.
    func channel(
        of job: JobID, _ take: Take, sampleRate: Int, from position: Duration, insteadOf unsuitable: JobChannel? = nil
    ) -> JobChannel {
        let key = Key(job: job, sampleRate: sampleRate, position: position)
        let (channel, isNew) = contents.withLock { contents in
            if let channel = contents.channels[key], channel !== unsuitable { return (channel, false) }
            let channel = JobChannel(
                number: contents.takeNumber(), sampleRate: sampleRate, take: take, from: position)
            contents.channels[key] = channel
            return (channel, true)
        }
        if isNew { pool.start { await channel.run() } }
        return channel
    }

    /// A connection needs the channel no more.
    func leave(_ channel: JobChannel, _ member: UInt64) async {
        guard await channel.leave(member) else { return }
        contents.withLock { contents in
            contents.channels = contents.channels.filter { $0.value !== channel }
        }
    }
}

extension ChannelTable.Contents {
    /// Odd numbers are the server's (PROTOCOL.md, section 4); 0 means all channels of a connection.
    fileprivate mutating func takeNumber() -> UInt32 {
        lastNumber = lastNumber == 0 ? 1 : lastNumber &+ 2
        return lastNumber
    }
}
