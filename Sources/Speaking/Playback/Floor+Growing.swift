package import VoiceCore

/// Jobs whose text is still being written: nobody waits for a writer who is silent.
extension Floor {
    /// PROTOCOL.md, section 4: a job that has had nothing left to say for so long gives up its outputs.
    static let textPatience = Duration.seconds(1)

    /// What was written so far is made, and the rest is not written.
    package mutating func ranDry(_ id: JobID, at now: Duration) -> [Action] {
        queue[id]?.isOutOfText = true
        sounding[id]?.job.isOutOfText = true
        noticeSilence(of: id, at: now)
        return []
    }

    /// More of its audio exists, or the text has ended.
    package mutating func wentOn(_ id: JobID, at now: Duration) -> [Action] {
        sounding[id]?.job.isOutOfText = false
        sounding[id]?.silentSince = nil
        queue[id]?.isOutOfText = false
        guard queue[id]?.isDry == true else { return [] }
        queue[id]?.isDry = false
        queue[id]?.hasAudio = true
        return walk(at: now)
    }

    /// Nothing more will be written: what was heard to its end is finished, also while it waits for text.
    package mutating func textEnded(_ id: JobID, at end: Duration, now: Duration) -> [Action] {
        guard let job = queue[id], job.isDry, end <= job.past.position else { return wentOn(id, at: now) }
        return conclude(id, .finished(job.past.wasHeard ? .confirmed : .none, on: job.past.listeners), at: now)
    }

    /// Notes since when a job has nothing left to say.
    mutating func noticeSilence(of id: JobID, at now: Duration) {
        guard let job = sounding[id], job.job.isOutOfText, job.silentSince == nil else { return }
        // A job that sounds nowhere is made at once, and has said everything as soon as it is dry.
        let isSilent =
            job.delivery == nil
            || job.job.past.wasHeard && job.heardTo + Delivery.starvationMargin >= job.job.audio.end
            || job.job.audio.end == .zero
        if isSilent { sounding[id]?.silentSince = now }
    }

    /// When the next job gives up its outputs.
    var nextDrought: Duration? {
        sounding.values.compactMap { $0.silentSince.map { $0 + Self.textPatience } }.min()
    }

    /// Takes the outputs of jobs that had nothing to say for too long.
    mutating func endDroughts(at now: Duration) -> [Action] {
        var actions: [Action] = []
        for id in sounding.keys.sorted() {
            guard let job = sounding[id], let since = job.silentSince, now >= since + Self.textPatience,
                job.abortReason == nil, !job.isSuspending
            else { continue }
            guard job.delivery != nil else {
                actions += putBackDry(id)
                continue
            }
            sounding[id]?.isSuspending = true
            let decisions = sounding[id]?.delivery?.abort(at: now) ?? []
            actions += apply(decisions, to: id, at: now)
        }
        return actions
    }

    /// It waits for text; then it goes on behind what was heard.
    mutating func putBackDry(_ id: JobID) -> [Action] {
        guard let ended = sounding.removeValue(forKey: id) else { return [] }
        var job = ended.job
        // It was silent for a second: all there was has left the loudspeaker.
        job.past.position = job.audio.end
        job.past.listeners = ended.delivery?.listeners ?? []
        job.past.wasBegun = true
        job.heldSince = nil
        job.held = .waitingForText
        (job.isDry, job.isOutOfText) = (true, false)
        job.hasAudio = false
        queue.putBack(job)
        return [.held(id, .waitingForText)]
    }
}
