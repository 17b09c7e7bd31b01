import Flow
import Sound
package import VoiceCore

/// What a server does at its start with the recordings that an earlier one left.
extension BlockRecorder {
    package func mend(_ draft: Draft, at path: String?) -> (draft: Draft, recording: Recording)? {
        guard let path = path ?? unfinishedFolder(of: draft), owns(path) else { return nil }
        let folder = BlockFolder(path: path)
        do throws(SystemFault) {
            var audio = try BlockAudio(mending: folder.path(of: .audio))
            let heard = max(.zero, audio.duration - Recording.silence)
            try audio.finish()
            let draft = Self.ended(draft, after: heard)
            let places = Self.places(of: draft, until: audio.duration)
            try folder.write(draft, places: places)
            log.info("recording.mended", ["draft": draft.id.rawValue, "path": path])
            return (
                draft,
                Recording(
                    draft: draft.id, path: path, duration: audio.duration, byteCount: audio.byteCount,
                    utteranceCount: places.count)
            )
        } catch {
            log.error("recording.not_mended", ["draft": draft.id.rawValue, "path": path, "reason": "\(error)"])
            return nil
        }
    }

    /// The folder that a draft would have got, if nobody has ended a recording there.
    private func unfinishedFolder(of draft: Draft) -> String? {
        let folder = BlockFolder(path: root + "/" + BlockFolder.name(at: draft.startedAt))
        return folder.has(.audio) && !folder.has(.draft) ? folder.path : nil
    }

    package func removeAll(but known: Set<String>) {
        for folder in BlockFolder.all(in: root) where !known.contains(folder.path) {
            do throws(RecordingRemovalError) {
                try remove(folder.path)
                log.warning("recording.unknown", ["path": folder.path, "removed": true])
            } catch {
                // Told by `remove`.
                continue
            }
        }
    }

    /// The draft with an end that lies no sooner than that of its sound.
    private static func ended(_ draft: Draft, after heard: Duration) -> Draft {
        var draft = draft
        guard let ending = draft.ending, draft.start + heard > ending.position else { return draft }
        let rest = Int64((draft.start + heard - ending.position) / .milliseconds(1))
        draft.ending?.position = draft.start + heard
        draft.ending?.at = WallTime(milliseconds: ending.at.milliseconds + rest)
        return draft
    }

    /// Where each utterance lies, as `BlockAudio.add` has put it there.
    private static func places(of draft: Draft, until end: Duration) -> [UtteranceID: ClosedRange<Duration>] {
        let longest = BlockAudio.format.duration(of: BlockAudio.pauseLimit)
        var places: [UtteranceID: ClosedRange<Duration>] = [:]
        var last = Recording.silence
        var omitted = Duration.zero
        for part in draft.parts {
            let gap = part.said.start - draft.start + Recording.silence - omitted - last
            omitted += max(.zero, gap - longest)
            let start = last + min(max(.zero, gap), longest)
            last = start + max(.zero, part.said.end - part.said.start)
            if start < end { places[part.utterance] = start...min(last, end) }
        }
        return places
    }
}
