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
        /// Of the draft, from the source's first sample.
        let start: Duration
        var audio: BlockAudio
        /// What still grew when it was added; it is written as soon as something is added after its end.
        var growing: Waiting?
        var places: [UtteranceID: ClosedRange<Duration>] = [:]

        mutating func add(_ said: Waiting) throws(SystemFault) {
            // A source hears one utterance at a time, so that what grew is over when another one grows.
            if growing?.audio.isFinished == true || !said.audio.isFinished { try settle() }
            if said.audio.isFinished { try write(said) } else { growing = said }
        }

        /// Writes what grew, as far as it was said.
        mutating func settle() throws(SystemFault) {
            guard let said = growing else { return }
            growing = nil
            try write(said)
        }

        private mutating func write(_ said: Waiting) throws(SystemFault) {
            let samples = said.audio.samples
            guard !samples.isEmpty else { return }
            places[said.id] = try audio.add(samples, at: max(.zero, said.start - start))
        }
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
    /// Audio whose utterances may still belong to a draft, the oldest first.
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

    // MARK: Recording

    package func begin(_ draft: Draft) -> String? {
        do throws(SystemFault) {
            let folder = try BlockFolder.make(in: root, at: draft.startedAt)
            let audio = try BlockAudio(folder.path(of: .audio))
            open[draft.id] = Box(Block(folder: folder, start: draft.start, audio: audio))
            return folder.path
        } catch {
            fail(draft.id, error)
            return nil
        }
    }

    package func add(_ utterance: UtteranceID, to draft: Draft) {
        let said = waiting.withLock { waiting in waiting.first { $0.id == utterance } }
        guard let said, let box = open[draft.id] else { return }
        do throws(SystemFault) {
            try box.block.add(said)
        } catch {
            fail(draft.id, error)
        }
    }

    package func passOver(_ utterance: UtteranceID) {
        waiting.withLock { waiting in waiting.removeAll { $0.id == utterance } }
    }

    package func end(_ draft: Draft) -> Recording? {
        guard let box = open.removeValue(forKey: draft.id) else { return nil }
        let folder = box.block.folder
        do throws(SystemFault) {
            try box.block.settle()
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
