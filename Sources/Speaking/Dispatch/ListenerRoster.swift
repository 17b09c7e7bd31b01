import Flow
import VoiceCore

/// What is asked of a listener, in order.
enum ListenerCommand: Sendable {
    case play(Play)
    case flush(JobID)

    /// A job that is to sound.
    struct Play: Sendable {
        let take: Take
        let job: JobID
        let from: Duration
        /// Which time it is that this listener gets the job.
        let attempt: Int
        /// The sound leaves when the journal has written that note.
        let after: JournalTicket?
    }
}

/// The listeners that are attached, each with its line of commands.
struct ListenerRoster: Sendable {
    struct Entry: Sendable {
        let listener: any Listener
        /// Tells one connection of a listener from the next one.
        let generation: UInt64
        let commands: Channel<ListenerCommand>
        var readiness: Readiness
        var roundTrip: Duration?
        var trim: ListenerTrim

        /// As it is set now.
        var description: ListenerDescription {
            var description = listener.description
            description.trim = trim
            return description
        }
    }

    /// More commands than this wait only where a listener hangs.
    static let commandLimit = 64

    private var entries: [ListenerID: Entry] = [:]
    private var generations: UInt64 = 0

    subscript(_ id: ListenerID) -> Entry? { entries[id] }

    var all: [Entry] { entries.values.sorted { $0.listener.description.id < $1.listener.description.id } }

    func count(where isCounted: (Readiness) -> Bool) -> Int { entries.values.count { isCounted($0.readiness) } }

    /// Adds a listener; the entry it replaces takes no more commands.
    mutating func attach(_ listener: any Listener, _ readiness: Readiness) -> Entry {
        let id = listener.description.id
        entries[id]?.commands.finish()
        generations += 1
        let entry = Entry(
            listener: listener, generation: generations, commands: Channel(capacity: Self.commandLimit),
            readiness: readiness, roundTrip: entries[id]?.roundTrip,
            trim: listener.description.trim)
        entries[id] = entry
        return entry
    }

    mutating func detach(_ id: ListenerID) -> Entry? {
        let entry = entries.removeValue(forKey: id)
        entry?.commands.finish()
        return entry
    }

    mutating func setReadiness(_ readiness: Readiness, of id: ListenerID) {
        entries[id]?.readiness = readiness
    }

    mutating func setTrim(_ trim: ListenerTrim, of id: ListenerID) {
        entries[id]?.trim = trim
    }

    mutating func setRoundTrip(_ roundTrip: Duration, of id: ListenerID) {
        entries[id]?.roundTrip = roundTrip
    }

    /// - Returns: False if the listener hangs or is gone.
    func command(_ command: ListenerCommand, to id: ListenerID) -> Bool {
        entries[id]?.commands.offer(command) ?? false
    }
}
