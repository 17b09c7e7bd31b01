import Flow
import Sound
import VoiceCore

/// The channels of all jobs that sound, so that connections with the same need share one.
final class ChannelTable: Sendable {
    fileprivate struct Key: Hashable, Sendable {
        let job: JobID
        let format: StreamFormat
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
        of job: JobID, _ take: Take, as format: StreamFormat, from position: Duration,
        insteadOf unsuitable: JobChannel? = nil
    ) throws(CuttingError) -> JobChannel {
        let key = Key(job: job, format: format, position: position)
        let (made, isNew) = contents.withLock { contents -> (Result<JobChannel, CuttingError>, Bool) in
            if let channel = contents.channels[key], channel !== unsuitable { return (.success(channel), false) }
            let number = contents.takeNumber()
            let made = Result { () throws(CuttingError) in
                try JobChannel(number: number, format: format, take: take, from: position)
            }
            if case .success(let channel) = made { contents.channels[key] = channel }
            return (made, true)
        }
        let channel = try made.get()
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
