import Flow
import Models
import Secrets
import VoiceCore

/// Fetches models of a list for those who ask the running server; its events tell how that goes.
final class ModelFetcher: ModelPuller, Service {
    private let store: ModelStore
    private let catalogue: ModelCatalogue
    private let events: Broadcast<Event>
    private let log: Log
    private let pool = TaskPool()
    /// One at a time: each needs memory to be tried, and shares the line with all others.
    private let isBusy = Monitor(false)

    init(_ store: ModelStore, _ catalogue: ModelCatalogue, events: Broadcast<Event>, log: Log) {
        self.store = store
        self.catalogue = catalogue
        self.events = events
        self.log = log
    }

    func pull(_ id: String, acceptsLicence: Bool) throws(ModelRefusal) {
        guard let entry = catalogue[id: id] else { throw .unknownModel(id) }
        guard store.manifest(of: id) == nil else { throw .alreadyInstalled(id) }
        guard entry.sha256 != nil else { throw .notPinned(id) }
        guard !entry.needsConsent || acceptsLicence else { throw .needsConsent(licence: entry.licence) }
        let isFirst = isBusy.update { isBusy in
            defer { isBusy = true }
            return !isBusy
        }
        guard isFirst else { throw .busy }
        tell(id, .fetching)
        pool.start { await self.install(entry) }
    }

    private func install(_ entry: ModelEntry) async {
        let witness = ModelEvents(entry.id, events)
        do {
            try await ModelInstaller(store, entry, report: witness).pull(ServerTrust())
        } catch {
            let failure = (error as? ModelError).map(Failure.init) ?? error as? Failure
            let code = failure?.code ?? "internal_error"
            log.warning("model.not_installed", ["model": entry.id, "code": code, "reason": "\(error)"])
            tell(entry.id, .failed(code: code, message: failure?.message ?? "\(error)"))
        }
        isBusy.update { $0 = false }
    }

    private func tell(_ id: String, _ state: ModelState) {
        events.publish(event: Event(.modelChanged(id: id, state)))
    }

    /// Until the server ends; what is under way is broken off, and goes on from there when it is asked for again.
    func run() async throws { try await pool.run() }
}

/// Tells the followers of the server's events how the installation of a model goes.
private struct ModelEvents: ModelWitness {
    private let id: String
    private let events: Broadcast<Event>
    private let timeline = Timeline.live()
    private let lastTold = Monitor<Duration?>(nil)

    /// Often enough to look alive.
    private static let interval = Duration.milliseconds(500)

    init(_ id: String, _ events: Broadcast<Event>) {
        self.id = id
        self.events = events
    }

    func progress(_ progress: TransferProgress) {
        let now = timeline.now
        let isDue = lastTold.update { last in
            if let last, now - last < Self.interval, progress.receivedByteCount != progress.totalByteCount {
                return false
            }
            last = now
            return true
        }
        guard isDue else { return }
        let transfer = ModelTransfer(
            receivedByteCount: progress.receivedByteCount, totalByteCount: progress.totalByteCount,
            bytesPerSecond: progress.bytesPerSecond.map { Int($0) }, timeLeft: progress.timeLeft)
        events.publish(event: Event(.modelProgress(id: id, transfer)))
    }

    func endProgress() {}

    func step(_ name: String) {
        events.publish(event: Event(.modelChanged(id: id, name == "trying" ? .trying : .unpacking)))
    }

    func installed(_ manifest: ModelManifest) {
        events.publish(event: Event(.modelChanged(id: id, .installed)))
    }
}
