import Flow
import JSON
import Testing

@testable import hearsay

@Suite struct ServerStateTests {
    private func running(_ change: (inout ServerState) -> Void = { _ in }) -> ServerState {
        var state = ServerState(url: "http://127.0.0.1:7780", reach: .answers, admission: .welcome)
        state.status = .object([
            "version": .string(Hearsay.version),
            "engines": .array([.object(["engine": "flite", "state": "ready"])]),
            "listeners": .array([.object(["kind": "player", "device": "Firefox", "ready": true])]),
        ])
        change(&state)
        return state
    }

    private func finding(_ subject: String, _ state: ServerState) throws -> Finding {
        try #require(state.findings.first { $0.subject == subject })
    }

    @Test func `a server with a ready listener is in order`() throws {
        let findings = running().findings
        #expect(findings.map(\.state) == [.ok, .ok, .ok, .ok])
        #expect(try finding("listeners", running()).text == "1 ready: player Firefox")
    }

    @Test func `another version is worth a note`() throws {
        let state = running { $0.status = .object(["version": "0.0.9"]) }
        #expect(try finding("server", state).state == .note)
    }

    @Test func `no server is a problem, with a start as its remedy only where it belongs here`() throws {
        var state = ServerState(url: "http://me:pass@there:1", reach: .silent(reason: "nobody answers at there:1"))
        #expect(try finding("server", state).exitCode == .unreachable)
        #expect(try finding("server", state).text == "none answers at http://[removed]@there:1")
        #expect(try finding("server", state).remedies.first?.command == "hearsay serve")
        state.runningURL = "http://127.0.0.1:7780"
        #expect(try finding("server", state).remedies.first?.command == "hearsay doctor --server http://127.0.0.1:7780")
        state.runningURL = nil
        state.isLocal = false
        state.reach = .silent(reason: "the server took too long")
        #expect(try finding("server", state).remedies.first?.command == nil)
        #expect(try finding("server", state).text.hasSuffix("(the server took too long)"))
    }

    @Test func `another program is named as such, near or far`() throws {
        var state = ServerState(url: "http://127.0.0.1:1", reach: .otherProgram)
        #expect(try finding("server", state).exitCode == .unreachable)
        #expect(try finding("server", state).remedies.isEmpty)
        state.isLocal = false
        #expect(try finding("server", state).remedies.count == 1)
    }

    @Test func `an untrusted server is a problem of its certificate`() throws {
        let state = ServerState(url: "https://there", reach: .untrusted(reason: "it has changed", fingerprint: "AA:BB"))
        #expect(try finding("server", state).exitCode == .certificateRefused)
    }

    @Test(arguments: [
        (ServerState.Admission.welcome, Finding.State.ok), (.noToken, .problem), (.refused(code: "expired"), .problem),
        (.unknown(reason: "lost"), .warning),
    ])
    func `what the token is good for is told`(admission: ServerState.Admission, expected: Finding.State) throws {
        let state = running { $0.admission = admission }
        #expect(try finding("token", state).state == expected)
        if expected == .problem { #expect(try finding("token", state).exitCode == .refused) }
    }

    @Test func `one failed engine among others is a warning, all failed a problem`() throws {
        let failed: JSONValue = .object(["engine": "neural", "state": "failed", "reason": "no model"])
        let ready: JSONValue = .object(["engine": "flite", "state": "ready"])
        let some = running { $0.status = .object(["engines": .array([ready, failed])]) }
        #expect(try finding("engines", some).state == .warning)
        #expect(try finding("engines", some).text == "neural failed: no model")
        let all = running { $0.status = .object(["engines": .array([failed])]) }
        #expect(try finding("engines", all).exitCode == .engineFailed)
    }

    @Test func `a recogniser that failed keeps nobody from being heard, and no voice speaks for it`() throws {
        let far: JSONValue = .object(["engine": "far", "kind": "recogniser", "state": "failed", "remote": true])
        let voice: JSONValue = .object(["engine": "flite", "kind": "voice", "state": "failed", "reason": "gone"])
        let one = running { $0.status = .object(["engines": .array([far])]) }
        #expect(try finding("engines", one).state == .warning)
        let words = try #require(finding("engines", one).remedies.first?.words)
        #expect(words.contains("reads for it") && !words.contains("voice"))
        // One that hears is none that speaks.
        let both = running { $0.status = .object(["engines": .array([far, voice])]) }
        #expect(both.findings.filter { $0.subject == "engines" }.map(\.state) == [.warning, .problem])
    }

    @Test(arguments: [
        ("moonshine-tiny", "hearsay models pull moonshine-tiny"), ("x", "hearsay engines --kind recogniser"),
    ])
    func `a usual recogniser that is not there is told with who reads meanwhile`(name: String, command: String) throws {
        let state = running { state in
            state.status = .object(["recogniser": .object(["name": "pocketsphinx", "missing": .string(name)])])
        }
        let told = try finding("recogniser", state)
        #expect(told.state == .warning && told.text.contains(name) && told.text.contains("pocketsphinx reads"))
        #expect(told.remedies.first?.command == command)
    }

    @Test func `without a ready listener nobody hears, and why is told`() throws {
        let none = running { $0.status = .object(["listeners": .array([])]) }
        #expect(try finding("listeners", none).exitCode == .nobodyHeard)
        let muted: JSONValue = .object(["kind": "speaker", "ready": false, "reason": "muted"])
        let silent = running { $0.status = .object(["listeners": .array([muted])]) }
        #expect(try finding("listeners", silent).text == "none is ready: speaker (muted)")
    }

    @Test func `the last speech is told without its text`() throws {
        let ends: [(JSONObject, Finding.State, String)] = [
            (["status": "finished", "heard": "confirmed", "duration_ms": 1_200], .ok, "was heard (1.2 s)"),
            (["status": "finished", "heard": "assumed"], .ok, "was probably heard (0 ms)"),
            (["status": "finished", "heard": "none"], .ok, "was made for nobody (0 ms)"),
            (["status": "aborted", "reason": "requested"], .ok, "was aborted (requested)"),
            (["status": "failed", "code": "no_listener", "message": "secret"], .note, "failed: no listener"),
        ]
        for (job, expected, text) in ends {
            let state = running { $0.lastJob = .object(job.merging(["text_preview": "secret"]) { $1 }) }
            #expect(try finding("last speech", state).state == expected)
            #expect(try finding("last speech", state).text == text)
        }
    }
}

@Suite struct HTTPTimeTests {
    /// RFC 9110, section 5.6.7, has this date; the others are from `date -u -d … +%s`.
    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199), ("Wed, 01 Jan 2031 00:00:00 GMT", 1_924_992_000),
    ])
    func `dates are read`(text: String, seconds: Int64) {
        #expect(HTTPTime.seconds(text) == seconds)
    }

    @Test(arguments: [
        "", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 99 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 99999999999999999999 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
    ])
    func `what is no date is none`(text: String) {
        #expect(HTTPTime.seconds(text) == nil)
    }

    @Test func `the second of the date and the time of the request are no difference`() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT"
        let second: Int64 = 784_111_777_000
        func skew(_ first: Int64, _ last: Int64) -> Duration? {
            HTTPTime.skew(
                of: date, from: WallTime(milliseconds: second + first), to: WallTime(milliseconds: second + last))
        }
        #expect(skew(500, 600) == .zero)
        #expect(skew(-500, 10) == .zero)
        #expect(skew(-5_000, -4_000) == .seconds(4))
        #expect(skew(10_999, 11_999) == .seconds(-10))
        #expect(HTTPTime.skew(of: nil, from: WallTime(milliseconds: 0), to: WallTime(milliseconds: 0)) == nil)
    }
}
