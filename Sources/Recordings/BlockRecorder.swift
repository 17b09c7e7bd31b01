import Drafting
package import Flow
package import VoiceCore

/// Keeps the audio of drafts, each in a folder of its own, one utterance after the other.
///
/// Runs on a thread of its own, since a disk may take its time.
package actor BlockRecorder: DraftRecorder, RecordingShelf, RecordingArchive {
    /// Utterances that wait for their text: what 20 sources say in two minutes.
    private static let waitingLimit = 256
    /// Second readings come within some seconds.
    private static let rememberedLimit = 64

    private struct Waiting: Sendable {
        let id: UtteranceID
        /// From the source's first sample.
        let start: Duration
        let audio: UtteranceAudio
    }

    private struct Block: ~Copyable {
        let folder: BlockFolder
        var audio: BlockAudio
        var places: [UtteranceID: ClosedRange<Duration>] = [:]
    }

    private final class Box {
        var block: Block
        init(_ block: consuming Block) { self.block = block }
    }

    private struct Ended {
        let draft: DraftID
        let folder: BlockFolder
        let places: [UtteranceID: ClosedRange<Duration>]
    }

    let root: String
    let log: Log
    private let thread = DedicatedThread(label: "recorder")
    /// Audio whose utterances nobody has asked for yet, the oldest first.
    private nonisolated let waiting = Monitor<[Waiting]>([])
    private var open: [DraftID: Box] = [:]
    private var ended: [Ended] = []

    /// The thread on which files are written.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// - Parameter root: The folder of all recordings; made when there is one.
    package init(root: String, log: Log = Log(label: "recordings")) {
        self.root = root
        self.log = log
    }

    /// Remembers the audio of an utterance until its text is known.
    package nonisolated func heard(_ utterance: UtteranceID, at start: Duration, _ audio: UtteranceAudio) {
        waiting.withLock { waiting in
            if waiting.count >= Self.waitingLimit { waiting.removeFirst() }
            waiting.append(Waiting(id: utterance, start: start, audio: audio))
        }
    }

    private nonisolated func take(_ utterance: UtteranceID) -> Waiting? {
        waiting.withLock { waiting in
            waiting.firstIndex { $0.id == utterance }.map { waiting.remove(at: $0) }
        }
    }

    // MARK: Recording

    package func begin(_ draft: Draft) -> String? {
        do throws(SystemFault) {
            let folder = try BlockFolder.make(in: root, at: draft.startedAt)
            let audio = try BlockAudio(folder.path(of: .audio))
            open[draft.id] = Box(Block(folder: folder, audio: audio))
            return folder.path
        } catch {
            fail(draft.id, error)
            return nil
        }
    }

    package func add(_ utterance: UtteranceID, to draft: Draft) async {
        guard let said = take(utterance) else { return }
        var samples: [Int16] = []
        while let piece = await said.audio.samples(from: samples.count, atMost: UtteranceAudio.sampleLimit) {
            samples += piece
        }
        guard let box = open[draft.id] else { return }
        do throws(SystemFault) {
            try box.block.audio.add(samples, at: max(.zero, said.start - draft.start))
            let end = box.block.audio.duration
            box.block.places[utterance] = max(.zero, end - said.audio.duration)...end
        } catch {
            fail(draft.id, error)
        }
    }

    package func passOver(_ utterance: UtteranceID) {
        _ = take(utterance)
    }

    package func end(_ draft: Draft) -> Recording? {
        guard let box = open.removeValue(forKey: draft.id) else { return nil }
        let folder = box.block.folder
        do throws(SystemFault) {
            try box.block.audio.finish()
            try folder.write(draft, places: box.block.places)
        } catch {
            fail(draft.id, error)
            return nil
        }
        ended =
            ended.suffix(Self.rememberedLimit - 1) + [
                Ended(draft: draft.id, folder: folder, places: box.block.places)
            ]
        return Recording(
            draft: draft.id, path: folder.path, duration: box.block.audio.duration,
            byteCount: box.block.audio.byteCount, utteranceCount: box.block.places.count)
    }

    package func revise(_ draft: Draft) {
        // A folder that was removed in the meantime does not come back.
        guard let block = ended.last(where: { $0.draft == draft.id }) else { return }
        do throws(SystemFault) {
            try block.folder.write(BlockText.text(draft), to: .betterText)
            try block.folder.write(BlockText.metaEvents(draft), to: .betterMetaEvents)
            try block.folder.write(BlockText.about(draft, places: block.places), to: .draft)
        } catch {
            log.warning("recording.not_revised", ["draft": draft.id.rawValue, "reason": "\(error)"])
        }
    }

    private func fail(_ draft: DraftID, _ fault: SystemFault) {
        open.removeValue(forKey: draft)
        log.error("recording.failed", ["draft": draft.rawValue, "folder": root, "reason": "\(fault)"])
    }

    // MARK: The shelf

    package func open(_ recording: Recording) -> (any RecordingStream)? {
        guard owns(recording.path) else {
            log.error("recording.elsewhere", ["path": recording.path, "folder": root])
            return nil
        }
        return RecordingFile(BlockFolder(path: recording.path).path(of: .audio))
    }

    package func remove(_ path: String) throws(RecordingRemovalError) {
        guard owns(path) else {
            log.error("recording.elsewhere", ["path": path, "folder": root])
            throw .notRemoved(path: path)
        }
        ended.removeAll { $0.folder.path == path }
        open = open.filter { $0.value.block.folder.path != path }
        do throws(SystemFault) {
            try BlockFolder(path: path).remove()
        } catch {
            log.error("recording.not_removed", ["path": path, "reason": "\(error)"])
            throw .notRemoved(path: path)
        }
    }

    /// Whether a path is one that this recorder makes.
    func owns(_ path: String) -> Bool {
        let head = root + "/block-"
        return path.hasPrefix(head) && !path.dropFirst(head.count).contains("/")
    }
}
