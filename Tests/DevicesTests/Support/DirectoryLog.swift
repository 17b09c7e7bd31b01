import Flow
import VoiceCore

/// A directory that only writes down what it is told.
struct DirectoryLog: ListenerDirectory {
    enum Entry: Hashable, Sendable {
        case attached(ListenerID, Readiness)
        case readiness(ListenerID, Readiness)
        case detached(ListenerID)
    }

    private let entries = Channel<Entry>(capacity: 1_000)

    func attach(_ listener: any Listener, _ readiness: Readiness, resuming: Resumption?) async -> Bool {
        entries.offer(.attached(listener.description.id, readiness))
    }

    func setReadiness(_ readiness: Readiness, of listener: ListenerID) async {
        _ = entries.offer(.readiness(listener, readiness))
    }

    func setTrim(_ trim: ListenerTrim, of listener: ListenerID) async {}

    func setRoundTrip(_ roundTrip: Duration, of listener: ListenerID) async {}

    func detach(_ listener: any Listener) async {
        _ = entries.offer(.detached(listener.description.id))
    }

    /// Reads on to an entry; false if it does not come within half a minute.
    func reaches(_ entry: Entry) async -> Bool {
        await Timeline.live().limit(.seconds(30)) {
            while let next = await entries.next() {
                if next == entry { return true }
            }
            return nil
        } ?? false
    }

    /// The next entry; nil if none comes within half a minute.
    func next() async -> Entry? {
        await Timeline.live().limit(.seconds(30)) { await entries.next() }
    }
}
