import VoiceCore

extension Floor {
    /// Walks the queue in policy order and gives every job what it can have now.
    mutating func walk(at now: Duration) -> [Action] {
        var actions: [Action] = []
        var book = RouteBook(listeners)
        var taken = Set(sounding.values.flatMap(\.outputs))
        var reserved: Set<OutputID> = []
        queue.settle()
        for job in queue.inOrder {
            let outputs = book.outputs(of: job)
            if brakes.hold(job.session) || outputs.map({ brakes.hold($0) }) == true {
                actions += keepBack(job)
                continue
            }
            // It reserves nothing, and no time counts against it.
            if job.isDry { continue }
            guard let wanted = outputs else {
                actions += hold(job, at: now)
                continue
            }
            actions += letGo(job)
            if !job.isPrepared, reserved.isDisjoint(with: wanted) {
                queue[job.id]?.isPrepared = true
                actions.append(.prepare(job.id))
            }
            let isFree = taken.isDisjoint(with: wanted) && reserved.isDisjoint(with: wanted)
            if isFree, job.hasAudio || job.route == .nowhere {
                taken.formUnion(wanted)
                actions += claim(job.id, book.route(of: job), at: now)
            } else if !isFree || isPatient(job, at: now) {
                reserved.formUnion(wanted)
            }
        }
        return actions
    }

    /// A brake is on: the job reserves nothing, and no time counts against it.
    private mutating func keepBack(_ job: WaitingJob) -> [Action] {
        if job.heldSince != nil || job.turnCameAt != nil {
            queue[job.id]?.heldSince = nil
            queue[job.id]?.past.unheardSince = nil
            queue[job.id]?.turnCameAt = nil
        }
        guard job.held != .paused else { return [] }
        queue[job.id]?.held = .paused
        return [.held(job.id, .paused)]
    }

    /// Nothing keeps the job from its turn.
    private mutating func letGo(_ job: WaitingJob) -> [Action] {
        if job.heldSince != nil { queue[job.id]?.heldSince = nil }
        guard job.held != nil else { return [] }
        queue[job.id]?.held = nil
        return [.released(job.id)]
    }

    /// Free outputs wait 2 s for the audio of a job whose turn has come.
    private mutating func isPatient(_ job: WaitingJob, at now: Duration) -> Bool {
        if job.turnCameAt == nil { queue[job.id]?.turnCameAt = now }
        return now < (job.turnCameAt ?? now) + Self.audioPatience
    }

    /// Without a ready listener a job waits, reserves nothing, and fails when it expires.
    private mutating func hold(_ job: WaitingJob, at now: Duration) -> [Action] {
        let since = job.heldSince ?? now
        let isUsedUp = !job.past.failedSteps.isEmpty && job.route.steps.allSatisfy(job.past.failedSteps.contains)
        if isUsedUp || now >= since + job.expiresIn {
            let failure: JobFailure = job.past.wasBegun ? .notHeard : .noListener
            return end(job.id, .failed(failure, at: job.past.position))
        }
        if job.heldSince == nil { queue[job.id]?.heldSince = since }
        guard job.held != .noListener else { return [] }
        queue[job.id]?.held = .noListener
        return [.held(job.id, .noListener)]
    }

    private mutating func claim(_ id: JobID, _ route: Route?, at now: Duration) -> [Action] {
        guard let job = queue.take(id) else { return [] }
        guard let route, job.route != .nowhere else {
            sounding[id] = Sounding(job: job, outputs: [Self.nowhere])
            noticeSilence(of: id, at: now)
            return [.makeSilently(id)]
        }
        let delivery = Delivery(listeners: route.listeners, from: job.past.position, audio: job.audio, at: now)
        sounding[id] = Sounding(job: job, outputs: route.outputs, delivery: delivery)
        let ids = route.listeners.map(\.id)
        let play = Action.play(id, on: ids, from: job.past.position)
        guard job.past.wasHeard else { return [play] }
        return [.moved(id, from: job.past.listeners, to: ids, position: job.past.position), play]
    }

    /// Carries out what a delivery decided.
    mutating func apply(_ decisions: [Delivery.Decision], to id: JobID, at now: Duration) -> [Action] {
        var actions: [Action] = []
        for decision in decisions {
            actions += apply(decision, to: id, at: now)
        }
        return actions
    }

    private mutating func apply(_ decision: Delivery.Decision, to id: JobID, at now: Duration) -> [Action] {
        switch decision {
        case .flush(let listener):
            return [.flush(id, on: listener)]
        case .distrust(let listener, let reason):
            listeners[listener]?.isReady = false
            noteFailure(of: listener, in: id)
            return [.distrust(listener, job: id, reason: reason)]
        case .vanished(let listener):
            guard listeners[listener]?.isReady == true else { return [] }
            listeners[listener]?.isReady = false
            return [.distrust(listener, job: id, reason: "gone")]
        case .confirmed(let hearing):
            guard sounding[id]?.job.past.wasHeard == false else { return [] }
            sounding[id]?.job.past.wasHeard = true
            return [.started(id, on: hearing)]
        case .progressed(let position):
            return [.progressed(id, position)]
        case .finished(let heard, let hearing):
            return conclude(id, finished(id, heard, hearing), at: now)
        case .exhausted:
            return tryElsewhere(id, at: now)
        case .aborted(let isEstimated):
            guard let job = sounding[id] else { return [] }
            guard let reason = job.abortReason else { return suspended(id, at: now) }
            return conclude(id, .aborted(reason, at: job.heardTo, isEstimated: isEstimated), at: now)
        }
    }

    func finished(_ id: JobID, _ heard: Heard, _ hearing: [ListenerID]) -> Ending {
        guard let error = broken[id] else { return .finished(heard, on: hearing) }
        return .failed(.engineFailed(error), at: sounding[id]?.delivery?.position ?? .zero)
    }

    /// A listener that played nothing of the job is asked for it again when it is ready again, but not for ever.
    private mutating func noteFailure(of listener: ListenerID, in id: JobID) {
        guard sounding[id]?.delivery?.wasConfirmed == false else { return }
        sounding[id]?.job.past.noteFailure(of: listener)
        guard let job = sounding[id]?.job, job.past.givenUp.contains(listener), let known = listeners[listener] else {
            return
        }
        let failed = job.route.steps.filter { step in
            Router.reaches(known, step, job.session)
                && !listeners.contains { job.past.isAwaited($0) && Router.reaches($1, step, job.session) }
        }
        sounding[id]?.job.past.failedSteps.formUnion(failed)
    }

    /// Nobody hears it where it was: it goes first in the queue, from where it was heard.
    mutating func tryElsewhere(_ id: JobID, at now: Duration) -> [Action] {
        if let job = sounding[id], job.job.isOutOfText, job.job.past.wasHeard, job.heardTo >= job.job.audio.end {
            return putBackDry(id) + walk(at: now)
        }
        guard let ended = sounding.removeValue(forKey: id), let delivery = ended.delivery else { return [] }
        var job = ended.job
        job.past.position = ended.heardTo
        job.past.listeners = delivery.listeners
        job.past.wasBegun = true
        job.past.unheardSince = job.past.wasHeard ? nil : job.past.unheardSince ?? now
        job.heldSince = job.past.unheardSince
        queue.putBack(job)
        return walk(at: now)
    }

    /// Ends a job wherever it is, then lets the next one have its turn.
    mutating func conclude(_ id: JobID, _ ending: Ending, at now: Duration) -> [Action] {
        let actions = end(id, ending)
        return actions.isEmpty ? [] : actions + walk(at: now)
    }

    /// Ends a job that has not ended yet.
    mutating func end(_ id: JobID, _ ending: Ending) -> [Action] {
        let wasSounding = sounding.removeValue(forKey: id) != nil
        guard queue.remove(id) != nil || wasSounding else { return [] }
        broken.removeValue(forKey: id)
        return [.end(id, ending)]
    }
}
