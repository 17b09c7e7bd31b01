import Gateway
import Net
import Store
import Testing
import VoiceCore

@testable import hearsay

@Suite struct ServeOptionsTests {
    private func options(_ arguments: String...) throws -> ServeOptions {
        let parsed = try ArgumentParser(.serve).parse(arguments)
        let environment = Environment(variables: [:], accountHome: "/nonexistent")
        return try ServeOptions(Settings(arguments: parsed, environment: environment, file: ConfigurationFile()))
    }

    @Test func `without options nobody from elsewhere is believed or let in`() throws {
        let options = try options()
        #expect(options.trustedProxies.isEmpty && options.allowedOrigins.isEmpty)
        #expect(options.rates.token == Rate(100, per: .second) && options.rates.peer == Rate(200, per: .second))
        #expect(options.rates.admin == Rate(2_000, per: .second))
    }

    @Test func `proxies, origins and rates are read`() throws {
        let options = try options(
            "--trust-proxy", "127.0.0.1", "--trust-proxy=10.0.0.0/8", "--allow-origin", "https://example.org",
            "--rate-token", "5/min", "--rate-admin", "none", "--rate-peer=1000/h")
        #expect(options.trustedProxies.map(\.description) == ["127.0.0.1/32", "10.0.0.0/8"])
        #expect(options.allowedOrigins.map(\.hostName) == ["example.org"])
        #expect(options.rates.token == Rate(5, per: .minute) && options.rates.peer == Rate(1_000, per: .hour))
        #expect(options.rates.admin == nil)
    }

    @Test func `how much of the past is kept is read`() throws {
        #expect(try options().retention == .standard && !options().resumesQueue)
        let chosen = try options("--keep-jobs", "90d", "--keep-jobs-size", "1G", "--resume-queue")
        #expect(chosen.retention == JournalRetention(age: .seconds(90 * 86_400), byteCount: 1 << 30))
        #expect(chosen.resumesQueue)
        #expect(try options().policy == .roundRobin && options("--queue", "fifo").policy == .fifo)
        let all = try options("--keep-jobs", "ever", "--keep-jobs-size", "any")
        #expect(all.retention == JournalRetention(age: nil, byteCount: nil))
    }

    @Test func `how long what was heard is kept is read`() throws {
        #expect(try options().speechRetention.age == .seconds(30 * 86_400))
        let chosen = try options("--keep-speech", "7d", "--keep-jobs", "90d", "--keep-jobs-size", "1G")
        #expect(chosen.speechRetention == JournalRetention(age: .seconds(7 * 86_400), byteCount: 1 << 30))
        #expect(try options("--keep-speech", "ever").speechRetention.age == nil)
    }

    @Test(arguments: [
        ("--trust-proxy", "localhost"), ("--trust-proxy", "10.0.0.0/33"), ("--allow-origin", "*"),
        ("--allow-origin", "null"),
        ("--allow-origin", "example.org"), ("--allow-origin", "https://example.org/page"), ("--rate-token", "5"),
        ("--rate-peer", "fast"), ("--keep-jobs", "soon"), ("--keep-speech", "long"), ("--keep-jobs-size", "1T"),
        ("--keep-jobs-size", "-1"),
        ("--rate-admin", "0/s"),
    ])
    func `what cannot be meant is refused, not left out`(_ option: String, _ value: String) {
        #expect(throws: UsageError.self) { try options(option, value) }
    }
}
