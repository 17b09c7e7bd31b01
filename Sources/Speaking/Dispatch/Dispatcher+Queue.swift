import Flow
package import VoiceCore

/// The queue as a whole: its policy, its brakes, and what can be seen of it.
extension Dispatcher {
    /// Changes the queue at once.
    ///
    /// - Returns: False if too many brakes are on.
    package func setQueue(_ change: QueueChange) -> Bool {
        if let policy = change.policy, policy != floor.queue.policy {
            perform(floor.setPolicy(policy, at: now))
            surroundings.log.info("queue.policy", ["policy": policy.rawValue])
        }
        guard let wanted = change.brake else { return true }
        guard let brake = wanted.brake else {
            if floor.brakes[wanted.subject] != nil { perform(floor.release(wanted.subject, at: now)) }
            return true
        }
        let end = wanted.duration.map { now + $0 }
        guard let actions = floor.put(brake, on: wanted.subject, until: end, at: now) else { return false }
        perform(actions)
        return true
    }

    /// How the queue stands, as far as a token may know.
    ///
    /// A token that is bound to a session sees its own jobs and brake, and what is on everything.
    package func queue(visibleTo grant: Grant) -> QueueStatus {
        let settings = floor.brakes.all
        let waiting = floor.queue.unordered.count { grant.covers($0.session) }
        var status = QueueStatus(
            state: QueueState(
                depth: waiting, policy: floor.queue.policy, brake: settings[.everything]?.brake),
            endsIn: settings[.everything]?.until.map { $0 - now })
        status.brakes = settings.filter { subject, _ in
            switch subject {
            case .everything: false
            case .session(let session): grant.covers(session)
            case .output: !grant.isBound
            }
        }.map { subject, setting in
            BrakeChange(subject: subject, brake: setting.brake, duration: setting.until.map { $0 - now })
        }.sorted { $0.subject.name < $1.subject.name }
        guard !grant.isBound else { return status }
        status.outputs = floor.outputs(at: now).map { output, use in
            QueueStatus.Output(output: output, sounding: use.sounding, depth: use.waiting.count)
        }.sorted { $0.output < $1.output }
        return status
    }

    /// Forgets the brakes of sessions that end, until cancelled.
    func followSessions() async {
        var cursor = surroundings.events.cursor { if case .sessionEnded = $0.body { true } else { false } }
        while let item = await cursor.next() {
            guard case .fact(_, let event) = item, let session = event.session else { continue }
            if floor.brakes[.session(session)] != nil { perform(floor.release(.session(session), at: now)) }
        }
    }
}
