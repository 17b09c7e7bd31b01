import Flow
import VoiceCore

extension Dispatcher {
    /// Carries out what the floor decided, in order; what follows meanwhile comes behind it.
    func perform(_ decided: [Floor.Action]) {
        actions += decided
        guard !isPerforming else { return }
        isPerforming = true
        while !actions.isEmpty {
            let present = actions
            actions = []
            for action in present { perform(action) }
        }
        isPerforming = false
        setAlarm()
        tellQueue()
    }

    private func perform(_ action: Floor.Action) {
        switch action {
        case .prepare(let id): prepare(id)
        case .play(let id, let listeners, let position): play(id, on: listeners, from: position)
        case .makeSilently(let id): makeSilently(id)
        case .resume(let id, let listener, let position): command(id, to: listener, from: position)
        case .flush(let id, let listener): _ = roster.command(.flush(id), to: listener)
        case .distrust(let listener, let id, let reason): distrust(listener, over: id, reason)
        case .stop(let id): ledger[id]?.synthesis?.cancel()
        case .held(let id, let reason): held(id, reason)
        case .released(let id): ledger[id]?.status.phase = .queued
        case .started(let id, let listeners): started(id, on: listeners)
        case .moved(let id, let old, let new, let position): moved(id, from: old, to: new, position)
        case .progressed(let id, let position): progressed(id, to: position)
        case .end(let id, let ending): end(id, ending)
        }
    }

    // MARK: Audio

    private func prepare(_ id: JobID) {
        guard let record = ledger[id], record.synthesis == nil else { return }
        let synthesis = Synthesis(
            request: record.request, voice: record.status.voice, synthesizer: record.synthesizer, take: record.take,
            standIn: surroundings.engines.standIn, pronunciations: surroundings.pronunciations.pronunciations,
            loudness: surroundings.loudness, inflow: record.inflow)
        ledger[id]?.synthesis = tasks.start {
            await synthesis.run { await self.synthesized(id, $0) }
        }
        ledger.remeasure(id)
    }

    private func synthesized(_ id: JobID, _ progress: Synthesis.Progress) {
        guard let record = ledger[id] else { return }
        let end = record.take.duration
        switch progress {
        case .misread(let problems):
            for problem in problems {
                surroundings.log.warning("text.misread", ["job": id.rawValue, "problem": "\(problem)"])
            }
        case .firstAudio:
            counters.firstAudio.observe(now - record.acceptedAt)
            perform(floor.wentOn(id, at: now) + floor.audioReady(id, at: now))
        case .ranDry:
            perform(floor.ranDry(id, at: now))
        case .wentOn:
            let extent = AudioExtent(end: end, isComplete: false)
            perform(floor.audioGrew(id, extent, at: now) + floor.wentOn(id, at: now))
        case .fellBack(let fallback):
            ledger[id]?.status.fallback = fallback
            surroundings.log.warning(
                "engine.replaced",
                [
                    "engine": record.synthesizer.name, "job": id.rawValue, "voice": fallback.voice,
                    "error": "\(fallback.reason)",
                ])
        case .clauseDone:
            perform(floor.audioGrew(id, AudioExtent(end: end, isComplete: false), at: now))
            publishWords(of: id, record)
        case .complete:
            let actions = (end == .zero ? floor.audioReady(id, at: now) : []) + floor.textEnded(id, at: end, now: now)
            perform(actions + floor.audioGrew(id, AudioExtent(end: end, isComplete: true), at: now))
        case .broken(let error):
            surroundings.log.warning(
                "engine.failed", ["engine": record.synthesizer.name, "job": id.rawValue, "error": "\(error)"])
            perform(floor.broke(id, error, at: now))
            perform(floor.audioGrew(id, AudioExtent(end: end, isComplete: true), at: now))
        }
    }

    /// Reads the audio as fast as it is made, so that the synthesis goes on to its end, and keeps none of it.
    private func makeSilently(_ id: JobID) {
        guard let take = ledger[id]?.take else { return }
        tasks.start {
            let reader = take.reader(from: .zero)
            while case .samples = await reader.next(atMost: 48_000) { take.trim(before: take.duration) }
        }
    }

    // MARK: Listeners

    private func play(_ id: JobID, on listeners: [ListenerID], from position: Duration) {
        guard let record = ledger[id] else { return }
        let start = position > .zero ? record.take.startOfWord(at: position) : position
        if record.begunTicket == nil { ledger[id]?.begunTicket = surroundings.journal.take(JobNote(.begun, of: id)) }
        for listener in listeners { command(id, to: listener, from: start) }
    }

    private func command(_ id: JobID, to listener: ListenerID, from position: Duration) {
        ledger[id]?.attempts[listener, default: 0] += 1
        guard let record = ledger[id] else { return }
        let play = ListenerCommand.Play(
            take: record.take, job: id, from: position, attempt: record.attempts[listener] ?? 0,
            after: record.begunTicket)
        if !roster.command(.play(play), to: listener) {
            perform(floor.report(.gone, of: id, from: listener, at: now))
        }
    }

    private func distrust(_ listener: ListenerID, over id: JobID, _ reason: String) {
        roster.setReadiness(.notReady(reason: reason), of: listener)
        let session = ledger[id]?.request.session
        surroundings.log.info("listener.failed", ["listener": listener.rawValue, "reason": reason])
        surroundings.events.publish(
            event: Event(.listenerFailed(reason: reason), session: session, job: id, listener: listener))
    }

    // MARK: Facts

    private func held(_ id: JobID, _ reason: HeldReason) {
        ledger[id]?.status.phase = .held
        guard let record = ledger[id] else { return }
        publish(.jobHeld(reason: reason.rawValue), id, record)
    }

    private func started(_ id: JobID, on listeners: [ListenerID]) {
        guard let record = ledger[id] else { return }
        let delay = now - record.acceptedAt
        ledger[id]?.status.phase = .speaking
        ledger[id]?.status.startDelay = delay
        ledger[id]?.confirmedAt = now
        if let sentAt = record.sentAt { counters.confirmed.observe(now - sentAt) }
        ledger[id]?.status.listeners = listeners
        surroundings.journal.take(JobNote(.started(listeners: listeners, delay: delay), of: id))
        publish(.jobStarted(listeners: listeners, text: record.request.text, delay: delay), id, record)
        publishWords(of: id, record)
        record.startedOrEnded.open()
    }

    /// Tells when the words around the place that sounds are spoken; those long past were told before.
    private func publishWords(of id: JobID, _ record: JobRecord) {
        guard let position = floor.position(of: id) else { return }
        let words = record.take.words.filter { $0.end >= position - Self.wordMemory }
        guard !words.isEmpty else { return }
        publish(.jobWords(words, isEstimated: record.take.hasEstimatedWords), id, record)
    }

    private func moved(_ id: JobID, from old: [ListenerID], to new: [ListenerID], _ position: Duration) {
        ledger[id]?.status.listeners = new
        ledger[id]?.status.phase = .speaking
        guard let record = ledger[id] else { return }
        surroundings.journal.take(JobNote(.moved(to: new, position: position), of: id))
        publish(.jobMoved(from: old, to: new, position: position), id, record)
    }

    private func progressed(_ id: JobID, to position: Duration) {
        guard let record = ledger[id] else { return }
        let level = record.take.level(at: position)
        record.take.trim(before: record.take.startOfWord(at: position))
        var progress = HeardText.progress(
            words: record.take.words, at: position, characterCount: record.request.text.unicodeScalars.count)
        progress?.level = level
        if let progress { publish(.jobProgress(progress), id, record) }
        guard position - record.notedPosition >= Self.noteInterval else { return }
        ledger[id]?.notedPosition = position
        noteText(of: id)
        surroundings.journal.take(JobNote(.reached(delivered(record, at: position, isEstimated: true)), of: id))
    }

    private func end(_ id: JobID, _ ending: Floor.Ending) {
        guard let record = ledger[id] else { return }
        record.synthesis?.cancel()
        noteText(of: id)
        let end = jobEnd(ending, record)
        var status = record.status
        status.end = end
        status.position = nil
        status.phase = end.phase
        if case .finished(_, _, let listeners) = end { status.listeners = listeners }
        counters.count(end)
        if case .finished = end, let begin = record.confirmedAt { counters.heardToTheEnd.observe(now - begin) }
        ledger.end(id, as: status)
        surroundings.journal.take(JobNote(.ended(end), of: id))
        publish(.jobEnded(end), id, record)
        record.take.end(.complete)
        let session = record.request.session
        tasks.start { [sessions = surroundings.sessions] in await sessions.endJob(of: session) }
        record.startedOrEnded.open()
        record.ended.open()
        surroundings.log.info(
            "job.\(end.phase.rawValue)", ["job": id.rawValue, "session": session.rawValue])
    }

    private func jobEnd(_ ending: Floor.Ending, _ record: JobRecord) -> JobEnd {
        switch ending {
        case .finished(let heard, let listeners):
            .finished(heard: heard, duration: record.take.duration, listeners: listeners)
        case .aborted(let reason, let position, let isEstimated):
            .aborted(reason: reason, delivered(record, at: position, isEstimated: isEstimated))
        case .failed(let failure, let position):
            .failed(failure, delivered(record, at: position, isEstimated: false))
        }
    }

    private func delivered(_ record: JobRecord, at position: Duration, isEstimated: Bool) -> Delivered {
        HeardText.split(
            record.request.text, words: record.take.words, at: position, duration: record.take.duration,
            isComplete: record.take.ending == .complete,
            isEstimated: isEstimated || record.take.hasEstimatedWords)
    }
}

extension JobEnd {
    fileprivate var phase: JobStatus.Phase {
        switch self {
        case .finished: .finished
        case .aborted: .aborted
        case .failed: .failed
        }
    }
}
