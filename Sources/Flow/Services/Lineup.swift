/// Members that come and go while they run, each under a name.
package final class Lineup<Member: Sendable>: Sendable {
    /// A member where it stands.
    struct Place: Sendable {
        /// Rises with each member that was ever added.
        var number: Int
        var name: String
        var member: Member
    }

    private struct Contents: Sendable {
        var places: [Place] = []
        var nextNumber = 0
        var hasFailed = false

        mutating func insert(_ member: Member, _ name: String, first: Bool) {
            places.insert(Place(number: nextNumber, name: name, member: member), at: first ? 0 : places.count)
            nextNumber += 1
        }

        func has(_ place: Place) -> Bool { places.contains { $0.number == place.number } }

        func news(after number: Int) -> News? {
            if hasFailed { return .failed }
            let added = places.filter { $0.number > number }
            return added.isEmpty ? nil : .added(added)
        }
    }

    private enum News: Sendable {
        case added([Place])
        /// A member ended with an error, which ends all.
        case failed
    }

    private let contents = Monitor(Contents())

    package init() {}

    /// Those that are there, in their order.
    package var members: [Member] { contents.withLock { $0.places.map(\.member) } }

    /// Adds a member, behind all others unless it is to be the first.
    package func append(_ member: Member, named name: String, first: Bool = false) {
        contents.update { $0.insert(member, name, first: first) }
    }

    /// Adds a member behind all others.
    ///
    /// - Returns: False if there is one of its name already.
    package func add(_ member: Member, named name: String) -> Bool {
        contents.update { contents in
            guard !contents.places.contains(where: { $0.name == name }) else { return false }
            contents.insert(member, name, first: false)
            return true
        }
    }

    /// Takes a member out; what it does is cut off.
    package func remove(named name: String) {
        contents.update { $0.places.removeAll { $0.name == name } }
    }

    /// Runs every member from when it was added until it is taken out or the task is cancelled.
    ///
    /// - Parameters:
    ///   - live: What a member does; ended by cancelling it.
    ///   - left: Called for each that was taken out.
    package func run(
        _ live: @escaping @Sendable (Member) async throws -> Void, left: @escaping @Sendable (Member) -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var lastNumber = -1
            while let news = await contents.wait({ $0.news(after: lastNumber) }) {
                guard case .added(let places) = news else { break }
                for place in places {
                    lastNumber = max(lastNumber, place.number)
                    group.addTask { try await self.keep(place, live, left) }
                }
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private func keep(
        _ place: Place, _ live: @escaping @Sendable (Member) async throws -> Void,
        _ left: @Sendable (Member) -> Void
    ) async throws {
        do {
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    try await live(place.member)
                    return false
                }
                group.addTask { await self.contents.wait { $0.has(place) ? nil : true } ?? false }
                while let isOut = try await group.next(), !isOut {}
                group.cancelAll()
            }
        } catch {
            contents.update { $0.hasFailed = true }
            throw error
        }
        if !Task.isCancelled { left(place.member) }
    }
}
