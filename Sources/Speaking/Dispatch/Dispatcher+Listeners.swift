import Flow
package import VoiceCore

extension Dispatcher: ListenerDirectory {
    package func attach(
        _ listener: any Listener, _ readiness: Readiness, resuming resumption: Resumption?
    ) async -> Bool {
        let description = listener.description
        let isKnown = roster[description.id] != nil
        if isKnown, resumption == nil { perform(floor.detach(description.id, at: now)) }
        let entry = roster.attach(listener, readiness)
        perform(floor.attach(FloorListener(description), at: now))
        if let roundTrip = entry.roundTrip { floor.setRoundTrip(roundTrip, of: description.id) }
        tasks.start { await self.serve(entry) }
        publish(.listenerAttached(description), description)
        let resumed = resumption.flatMap { floor.resume(description.id, $0, at: now) }
        if let resumed { perform(resumed) }
        perform(floor.setReady(readiness.isReady, description.id, lettingEnd: readiness.letsSoundEnd, at: now))
        publish(.listenerReady(readiness), description)
        return resumed != nil
    }

    package func setReadiness(_ readiness: Readiness, of listener: ListenerID) async {
        guard let entry = roster[listener], entry.readiness != readiness else { return }
        roster.setReadiness(readiness, of: listener)
        publish(.listenerReady(readiness), entry.listener.description)
        perform(floor.setReady(readiness.isReady, listener, lettingEnd: readiness.letsSoundEnd, at: now))
    }

    package func setTrim(_ trim: ListenerTrim, of listener: ListenerID) async {
        guard let entry = roster[listener], entry.trim != trim else { return }
        roster.setTrim(trim, of: listener)
        publish(.listenerUpdated(trim), entry.listener.description)
        perform(floor.setTrim(trim, of: listener, at: now))
    }

    package func setRoundTrip(_ roundTrip: Duration, of listener: ListenerID) async {
        roster.setRoundTrip(roundTrip, of: listener)
        floor.setRoundTrip(roundTrip, of: listener)
    }

    package func detach(_ listener: any Listener) async {
        let id = listener.description.id
        guard roster[id]?.listener === listener, roster.detach(id) != nil else { return }
        perform(floor.detach(id, at: now))
        publish(.listenerDetached, listener.description)
    }

    private func publish(_ body: Event.Body, _ description: ListenerDescription) {
        var session = description.grantSession
        if case .session(let own) = description.scope { session = own }
        surroundings.events.publish(event: Event(body, session: session, listener: description.id))
    }

    /// Tells one listener what to do, in order, until it is detached.
    private nonisolated func serve(_ entry: ListenerRoster.Entry) async {
        for await command in entry.commands {
            switch command {
            case .play(let play):
                if let ticket = play.after {
                    await surroundings.journal.wait(for: ticket, atMost: Self.begunPatience)
                }
                let reports = await entry.listener.play(play.take, of: play.job, from: play.from)
                await read(reports, of: play, from: entry)
            case .flush(let job):
                await entry.listener.flush(job)
            }
        }
    }

    private func read(
        _ reports: Channel<PlaybackReport>, of play: ListenerCommand.Play, from entry: ListenerRoster.Entry
    ) {
        tasks.start {
            var isOver = false
            for await report in reports {
                isOver = report.isLast
                await self.take(report, of: play, from: entry)
            }
            if !isOver { await self.take(.gone, of: play, from: entry) }
        }
    }

    /// Reports of a connection that was replaced count no more, nor do those on an earlier try.
    private func take(_ report: PlaybackReport, of play: ListenerCommand.Play, from entry: ListenerRoster.Entry) {
        let (id, job) = (entry.listener.description.id, play.job)
        guard roster[id]?.generation == entry.generation else { return }
        if let record = ledger[job], record.attempts[id] != play.attempt { return }
        if report == .sent, let record = ledger[job], record.sentAt == nil {
            ledger[job]?.sentAt = now
            counters.firstSent.observe(now - record.acceptedAt)
        }
        perform(floor.report(checked(report, of: job), of: job, from: id, at: now))
    }

    /// Nobody has heard the end of what is not made yet.
    private func checked(_ report: PlaybackReport, of job: JobID) -> PlaybackReport {
        guard case .finished = report, let record = ledger[job], record.take.ending == nil else { return report }
        return .failed(reason: "finished_early")
    }
}
