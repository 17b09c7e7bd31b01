import Flow
import Net
import Testing
import VoiceCore

@testable import Gateway

@Suite struct MetricsTests {
    @Test func `a family has its help, its type and its samples`() {
        var text = MetricsText()
        text.add("x_total", .counter, "What x is.", [.init(3, ("a", "b"), ("c", "d")), .init(0.5)])
        #expect(
            text.text == "# HELP x_total What x is.\n# TYPE x_total counter\nx_total{a=\"b\",c=\"d\"} 3\nx_total 0.5\n")
    }

    @Test func `a label's value is escaped`() {
        var text = MetricsText()
        text.add("x", .gauge, "X.", [.init(1, ("a", "q\"b\\n\nl"))])
        #expect(text.text.hasSuffix("x{a=\"q\\\"b\\\\n\\nl\"} 1\n"))
    }

    @Test func `a histogram ends with everything, its sum and its count`() {
        let histogram = Histogram(bounds: [.milliseconds(250)])
        histogram.observe(.milliseconds(100))
        histogram.observe(.seconds(2))
        var text = MetricsText()
        text.add("x_seconds", "X.", histogram)
        let lines = text.text.split(separator: "\n").dropFirst(2)
        #expect(
            lines == [
                "x_seconds_bucket{le=\"0.25\"} 1", "x_seconds_bucket{le=\"+Inf\"} 2", "x_seconds_sum 2.1",
                "x_seconds_count 2",
            ])
    }

    @Test func `the kernel's line about a process is read behind any name`() {
        var facts = ProcessFacts()
        let fields = (4...22).map(String.init).joined(separator: " ")
        facts.take(stat: "7 (a) S 1 (b) R \(fields) 4096000 10 0", bootedAt: 1_000)
        #expect(facts.threadCount == 20)
        #expect(facts.virtualBytes == 4_096_000)
        #expect(facts.residentBytes >= 40_960)
        #expect(facts.cpuSeconds > 0)
        #expect(facts.startedAt > 1_000)
    }

    @Test func `replies are counted by route and class of status, late ones once they are there`() async throws {
        let counters = GatewayCounters()
        _ = counters.counted(.now(.text("", status: 404)), as: "/a")
        guard case .later(let work) = counters.counted(.later { .text("", status: 201) }, as: "/a") else {
            Issue.record("the reply changed its kind")
            return
        }
        #expect(counters.requestCounts.map(\.1) == [1])
        _ = await work()
        #expect(counters.requestCounts.map(\.0.status) == [2, 4])
    }

    @Test func `metrics are for admins of everything and for named networks`() async throws {
        let desk = try await Desk(metricsNetworks: [IPNetwork("10.0.0.0/8")].compactMap { $0 })
        let near = "10.1.2.3"
        #expect(try await desk.ask("GET", "/metrics").status == 401)
        #expect(try await desk.ask("GET", "/metrics", token: desk.token([.admin])).status == 200)
        #expect(try await desk.ask("GET", "/metrics", token: desk.token([.control])).status == 403)
        #expect(try await desk.ask("GET", "/metrics", token: desk.token([.admin], session: "s")).status == 403)
        #expect(try await desk.ask("GET", "/metrics", peer: near).status == 200)
        #expect(try await desk.ask("GET", "/status", peer: near).status == 401)
        #expect(try await desk.ask("GET", "/metrics", fields: ["Via": "1.1 x"], peer: near).status == 401)
    }

    @Test func `refusals are counted by their code`() async throws {
        let desk = try await Desk()
        _ = try await desk.ask("GET", "/v1/jobs")
        _ = try await desk.ask("GET", "/nowhere")
        let text = try await desk.ask("GET", "/metrics", token: desk.token([.admin])).text
        #expect(text.contains("hearsay_refusals_total{code=\"unauthenticated\"} 1\n"))
        #expect(text.contains("hearsay_http_requests_total{route=\"none\",status=\"4xx\"} 1\n"))
        #expect(!text.contains("nowhere"))
    }
}
