import VoiceCore

extension Floor {
    /// Walks the queue in policy order and gives every job what it can have now.
    mutating func walk(at now: Duration) -> [Action] {
        var actions: [Action] = []
        let busy = Set(sounding.values.flatMap(\.outputs))
        var taken = busy
        var reserved: Set<OutputID> = []
        for job in queue.inOrder(at: now) {
            guard let outputs = outputs(of: job) else {
                actions += hold(job, at: now)
                continue
            }
            queue[job.id]?.heldSince = nil
            let wanted = Set(outputs)
            if !job.isPrepared, reserved.isDisjoint(with: wanted) {
                queue[job.id]?.isPrepared = true
                actions.append(.prepare(job.id))
            }
            let isFree = taken.isDisjoint(with: wanted) && reserved.isDisjoint(with: wanted)
            if isFree, job.hasAudio || job.route == .nowhere {
                taken.formUnion(wanted)
                actions += claim(job.id, at: now)
            } else if !isFree || isPatient(job, at: now) {
                reserved.formUnion(wanted)
            }
        }
        return actions
    }

    /// The outputs a job would sound on now; nil without a route.
    private func outputs(of job: WaitingJob) -> Set<OutputID>? {
        job.route == .nowhere ? [Self.nowhere] : route(of: job)?.outputs
    }

    private func route(of job: WaitingJob) -> Route? {
        Router.route(job.route, of: job.session, among: listeners.values, excluding: job.past.failed)
    }

    /// Free outputs wait 2 s for the audio of a job whose turn has come.
    private mutating func isPatient(_ job: WaitingJob, at now: Duration) -> Bool {
        let turnCameAt = job.turnCameAt ?? now
        queue[job.id]?.turnCameAt = turnCameAt
        return now < turnCameAt + Self.audioPatience
    }

    /// Without a ready listener a job waits, reserves nothing, and fails when it expires.
    private mutating func hold(_ job: WaitingJob, at now: Duration) -> [Action] {
        let since = job.heldSince ?? now
        let isUsedUp = !job.past.failedSteps.isEmpty && job.route.steps.allSatisfy(job.past.failedSteps.contains)
        if isUsedUp || now >= since + job.expiresIn {
            let failure: JobFailure = job.past.wasBegun ? .notHeard : .noListener
            return end(job.id, .failed(failure, at: job.past.position))
        }
        guard job.heldSince == nil else { return [] }
        queue[job.id]?.heldSince = since
        return [.held(job.id)]
    }

    private mutating func claim(_ id: JobID, at now: Duration) -> [Action] {
        guard let waiting = queue[id] else { return [] }
        let route = route(of: waiting)
        guard let job = queue.take(id) else { return [] }
        guard let route, job.route != .nowhere else {
            sounding[id] = Sounding(job: job, outputs: [Self.nowhere])
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
            guard let job = sounding[id], let reason = job.abortReason else { return [] }
            let position = job.job.past.wasHeard ? job.delivery?.position ?? .zero : .zero
            return conclude(id, .aborted(reason, at: position, isEstimated: isEstimated), at: now)
        }
    }

    private func finished(_ id: JobID, _ heard: Heard, _ hearing: [ListenerID]) -> Ending {
        guard let error = broken[id] else { return .finished(heard, on: hearing) }
        return .failed(.engineFailed(error), at: sounding[id]?.delivery?.position ?? .zero)
    }

    /// A listener that played nothing of the job is not asked for it again.
    private mutating func noteFailure(of listener: ListenerID, in id: JobID) {
        guard let job = sounding[id]?.job, sounding[id]?.delivery?.wasConfirmed == false else { return }
        sounding[id]?.job.past.failed.insert(listener)
        if let known = listeners[listener] {
            let failed = job.route.steps.filter { Router.reaches(known, $0, job.session) }
            sounding[id]?.job.past.failedSteps.formUnion(failed)
        }
    }

    /// Nobody hears it where it was: it goes first in the queue, from where it was heard.
    private mutating func tryElsewhere(_ id: JobID, at now: Duration) -> [Action] {
        guard let ended = sounding.removeValue(forKey: id), let delivery = ended.delivery else { return [] }
        var job = ended.job
        job.past.position = delivery.position
        job.past.listeners = delivery.listeners
        job.past.wasBegun = true
        job.heldSince = nil
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
