import Testing
import VoiceCore

@testable import Speaking

/// The order that is kept while jobs come and go is the one that would be found anew.
@Suite struct JobQueueTests {
    private static func job(_ number: Int, _ random: inout FloorPropertyTests.Seeded) -> WaitingJob {
        var job = WaitingJob(
            id: JobID("job_\(number)"), session: SessionID("s\(Int.random(in: 0..<4, using: &random))"),
            priority: Int.random(in: -2...2, using: &random), route: .firstOf([.any]))
        switch Int.random(in: 0..<40, using: &random) {
        case 0: job.precedence = .session
        case 1: job.precedence = .all
        default: break
        }
        return job
    }

    /// Setting the policy forgets what is known of the order.
    private static func foundAnew(_ queue: JobQueue) -> [JobID] {
        let policy = queue.policy
        var queue = queue
        queue.policy = policy
        return queue.inOrder.map(\.id)
    }

    @Test(arguments: TurnPolicy.allCases, 0..<20)
    func `jobs come and go at random`(policy: TurnPolicy, seed: UInt64) {
        var random = FloorPropertyTests.Seeded(state: seed + 1)
        var queue = JobQueue(policy: policy)
        var ids: [JobID] = []
        for step in 0..<400 {
            let index = ids.isEmpty ? nil : ids.indices.randomElement(using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0:
                if let index { _ = queue.remove(ids.remove(at: index)) }
            case 1:
                if let first = queue.inOrder.first?.id {
                    let job = queue.take(first)
                    ids.removeAll { $0 == first }
                    if var again = job, Bool.random(using: &random) {
                        again.past.wasBegun = true
                        queue.putBack(again)
                        ids.append(first)
                    }
                }
            case 2: _ = ids.popLast().map { queue.remove($0) }
            case 3:
                if let index { queue[ids[index]]?.hasAudio = true }
            default:
                let job = Self.job(step, &random)
                queue.add(job, at: .seconds(Int.random(in: 0...3, using: &random) + step))
                ids.append(job.id)
            }
            if Bool.random(using: &random) { queue.settle() }
            let order = queue.inOrder.map(\.id)
            #expect(order == Self.foundAnew(queue))
            #expect(Set(order) == Set(ids))
        }
        for id in ids { _ = queue.remove(id) }
        #expect(queue.isEmpty && queue.remembersNobody)
    }
}
