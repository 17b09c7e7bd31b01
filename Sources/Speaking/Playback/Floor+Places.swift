package import VoiceCore

/// Where a job stands in line.
package struct Place: Hashable, Sendable {
    /// 0 while it sounds; else one more than the jobs that go before it where it would sound.
    package var position: Int
    /// Until its turn, if nothing else comes; for a job that is held as if that ended now.
    package var wait: Duration
}

extension Floor {
    /// The place of every job that has not ended.
    ///
    /// Jobs of different outputs do not wait for each other, and do not count.
    ///
    /// - Parameter length: How long the sound of a job is, or probably will be.
    package func places(at now: Duration, lasting length: (JobID) -> Duration) -> [JobID: Place] {
        var places: [JobID: Place] = [:]
        places.reserveCapacity(sounding.count + queue.count)
        var ahead: [OutputID: Place] = [:]
        for (id, job) in sounding {
            let rest = job.delivery == nil ? .zero : max(.zero, length(id) - job.heardTo)
            places[id] = Place(position: 0, wait: .zero)
            for output in job.outputs { ahead[output] = Place(position: 0, wait: rest) }
        }
        var book = RouteBook(listeners)
        for job in queue.inOrder {
            let outputs = book.outputs(of: job) ?? [OutputID("held/\(job.session)")]
            let before = outputs.compactMap { ahead[$0] }
            let place = Place(
                position: 1 + (before.map(\.position).max() ?? 0), wait: before.map(\.wait).max() ?? .zero)
            places[job.id] = place
            let rest = job.route == .nowhere ? .zero : max(.zero, length(job.id) - job.past.position)
            for output in outputs { ahead[output] = Place(position: place.position, wait: place.wait + rest) }
        }
        return places
    }

    /// How many jobs wait for each output, with the one that sounds there.
    package func outputs(at now: Duration) -> [OutputID: (sounding: JobID?, waiting: [JobID])] {
        var outputs: [OutputID: (sounding: JobID?, waiting: [JobID])] = [:]
        for listener in listeners.values where listener.isReady { outputs[listener.output] = (nil, []) }
        for (id, job) in sounding where job.delivery != nil {
            for output in job.outputs { outputs[output, default: (nil, [])].sounding = id }
        }
        var book = RouteBook(listeners)
        for job in queue.inOrder where job.route != .nowhere {
            for output in book.outputs(of: job) ?? [] { outputs[output, default: (nil, [])].waiting.append(job.id) }
        }
        return outputs
    }
}
