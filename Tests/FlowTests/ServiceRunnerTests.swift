import Testing

@testable import Flow

@Suite(.timeLimit(.minutes(1))) struct ServiceRunnerTests {
    /// Notes its end, and may fail, return early or refuse to stop.
    private struct Part: Service {
        enum Manner { case works, returns, fails, hangs }

        struct Broken: Error {}

        let name: String
        let manner: Manner
        let ends: Monitor<[String]>
        let release: Latch

        func run() async throws {
            switch manner {
            case .works: await Latch().wait()
            case .returns: break
            case .fails: throw Broken()
            case .hangs: _ = await Task { [release] in await release.wait() }.value
            }
            ends.update { $0.append(name) }
        }
    }

    private func runner(
        _ manners: [Part.Manner], _ ends: Monitor<[String]>, release: Latch = Latch(), deadline: Duration = .seconds(30)
    ) -> ServiceRunner {
        ServiceRunner(
            services: manners.enumerated().map { number, manner in
                ("\(number)", Part(name: "\(number)", manner: manner, ends: ends, release: release))
            }, deadline: deadline)
    }

    @Test func `a signal stops the services in reverse order`() async throws {
        let ends = Monitor<[String]>([])
        let ending = try await runner([.works, .works, .works], ends).run { 15 }
        #expect(ending == .signal(15))
        #expect(ends.withLock { $0 } == ["2", "1", "0"])
    }

    @Test func `a service that returns stops the others`() async throws {
        let ends = Monitor<[String]>([])
        let ending = try await runner([.works, .returns], ends).run { await Self.never() }
        #expect(ending == .returned("1"))
        #expect(ends.withLock { $0 } == ["1", "0"])
    }

    @Test func `a service that fails stops the others and its error is thrown`() async {
        let ends = Monitor<[String]>([])
        await #expect(throws: Part.Broken.self) {
            try await runner([.works, .fails], ends).run { await Self.never() }
        }
        #expect(ends.withLock { $0 } == ["0"])
    }

    @Test func `a service that does not stop is named after the deadline`() async {
        let ends = Monitor<[String]>([])
        let release = Latch()
        await #expect(throws: ServiceRunner.Overdue(names: ["0", "1"])) {
            try await runner([.works, .hangs], ends, release: release, deadline: .milliseconds(50)).run { 15 }
        }
        release.open()
    }

    private static func never() async -> Int32? {
        await Latch().wait()
        return nil
    }
}
