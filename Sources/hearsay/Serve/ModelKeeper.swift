import Engines
import Flow
import Hearing
import Models
import VoiceCore

/// How neural models are run.
struct ModelOptions: Hashable, Sendable {
    /// After how long without work a model leaves the memory; nil for never.
    var idleLimit: Duration?
    /// How much memory a model may allocate; nil for any.
    ///
    /// Kokoro, the largest of the list, needs a third of this.
    var memoryByteCount: Int? = 2 << 30
}

/// Offers the models in the data folder, and looks again when models came or went.
final class ModelKeeper: Service {
    private let store: ModelStore
    private let catalogue: ModelCatalogue
    private let options: ModelOptions
    private let roster: EngineRoster
    private let transcribers: TranscriberRoster
    private let helpers: HearingHelpers
    /// The path of `hearsay-sherpa`; nil where it is not installed.
    private let executable: String?
    private let socketFolder: String
    private let timeline: Timeline
    private let log: Log
    private let known = Monitor<Known>(Known())

    private struct Known: Sendable {
        var stamp: FileStamp?
        var manifests: [String: ModelManifest] = [:]
    }

    /// A person who has fetched a voice tries it within seconds; one look costs a few microseconds.
    private static let interval = Duration.seconds(1)

    init(
        _ store: ModelStore, _ options: ModelOptions, roster: EngineRoster, transcribers: TranscriberRoster,
        helpers: HearingHelpers,
        socketFolder: String, catalogue: ModelCatalogue = .builtIn, timeline: Timeline = .live(), log: Log
    ) {
        self.store = store
        self.catalogue = catalogue
        self.options = options
        self.roster = roster
        self.transcribers = transcribers
        self.helpers = helpers
        self.socketFolder = socketFolder
        self.timeline = timeline
        self.log = log
        executable = Installation.path(ofWorker: "hearsay-sherpa")
        takeStock()
    }

    func run() async throws {
        while !Task.isCancelled {
            await timeline.sleep(until: timeline.now + Self.interval)
            if FileStamp(store.path) != known.withLock({ $0.stamp }) { takeStock() }
        }
    }

    /// Adds and removes engines until they are those of the models that are there.
    private func takeStock() {
        // Before the look, so that what changes meanwhile is seen next time.
        let stamp = FileStamp(store.path)
        var whole: [String: ModelManifest] = [:]
        var absent: [AbsentModel] = []
        for manifest in store.installed() {
            if let reason = obstacle(manifest) {
                log.warning("model.unusable", ["model": manifest.id, "reason": reason])
                absent.append(AbsentModel(manifest, reason))
            } else {
                whole[manifest.id] = manifest
            }
        }
        let before = known.withLock { $0.manifests }
        for (id, manifest) in before where whole[id] != manifest {
            log.info("model.gone", ["model": id])
            roster.remove(named: id)
            transcribers.remove(named: id)
            helpers.remove(named: id)
        }
        for (id, manifest) in whole.sorted(by: { $0.key < $1.key }) where before[id] != manifest {
            if add(manifest) { continue }
            whole[id] = nil
            absent.append(AbsentModel(manifest, "another engine is called \(id)"))
        }
        known.withLock { $0 = Known(stamp: stamp, manifests: whole) }
        let names = Set(whole.keys).union(absent.map(\.id))
        tell(absent + catalogue.entries.filter { !names.contains($0.id) }.map(AbsentModel.init))
    }

    /// Says which models could be had, each where its kind is listed.
    private func tell(_ absent: [AbsentModel]) {
        roster.setAbsentVoices(absent.flatMap(\.voices))
        transcribers.setAbsent(absent.compactMap(\.state))
    }

    /// Why a model cannot be used; nil if it can.
    private func obstacle(_ manifest: ModelManifest) -> String? {
        guard executable != nil else { return "hearsay-sherpa is not beside hearsay" }
        do throws(ModelError) {
            try store.check(manifest)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func add(_ manifest: ModelManifest) -> Bool {
        guard let executable else { return false }
        let model = NeuralModel(
            manifest, in: store, idleLimit: options.idleLimit, memoryByteCount: options.memoryByteCount)
        log.info("model.offered", ["model": manifest.id, "kind": manifest.kind.rawValue])
        switch manifest.kind {
        case .voice:
            return roster.add(
                WyomingEngine.sherpa(model, executable: executable, directory: socketFolder, log: log))
        case .recogniser:
            return transcribers.add(
                WyomingTranscriber.sherpa(model, executable: executable, directory: socketFolder, log: log))
        case .keywords:
            return helpers.add(
                .spotter(
                    WyomingTranscriber.sherpa(
                        model, kind: .keywords, executable: executable, directory: socketFolder, log: log)))
        case .punctuation:
            return helpers.add(
                .punctuator(WyomingPunctuator(model, executable: executable, directory: socketFolder, log: log)))
        case .denoiser:
            return helpers.add(
                .noiseReducer(WorkerNoiseReducer(model, executable: executable, directory: socketFolder, log: log)))
        }
    }
}

extension NeuralModel {
    /// An installed model.
    init(_ manifest: ModelManifest, in store: ModelStore, idleLimit: Duration?, memoryByteCount: Int?) {
        self.init(
            name: manifest.id, folder: store.folder(of: manifest.id), languages: manifest.languages,
            licence: manifest.licence, voices: manifest.voices, readings: manifest.readings,
            loadTime: manifest.loadTime, idleLimit: idleLimit, memoryByteCount: memoryByteCount)
    }
}
