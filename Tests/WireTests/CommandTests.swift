import Sound
import Testing
import VoiceCore
import Wire
import JSON

@Suite struct CommandTests {
    private func command(_ json: String) throws(WireError) -> Command {
        try Command(Array(json.utf8))
    }

    private func failure(_ json: String) -> WireError? {
        do throws(WireError) {
            _ = try command(json)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a full speak is read field by field`() throws {
        let json = """
            {"type":"speak","req":1,"text":"Hi","session_id":"ses_1","voice":"slt","language":"en","speed":1.5,
             "volume":0.5,"emotion":"pondering","priority":3,"deliver":["session","lis_1"],"private":true,"interrupt":"output",
             "expires_in_ms":0}
            """
        var expected = SpeakRequest(text: "Hi", session: SessionID("ses_1"))
        expected.voice = "slt"
        expected.language = "en"
        expected.speed = 1.5
        expected.volume = 0.5
        expected.mood = .pondering
        expected.priority = 3
        expected.delivery = .steps([.session, .listener(ListenerID("lis_1"))])
        expected.isPrivate = true
        expected.interruption = .output
        expected.expiresIn = .zero
        #expect(try command(json) == .speak(WireSpeak(expected, session: SessionID("ses_1"))))
    }

    @Test func `a speak without session belongs to the default it is given`() throws {
        let speak = try WireSpeak(Array(#"{"text":"Hi"}"#.utf8))
        #expect(speak.request(defaultSession: SessionID("mine")).session == SessionID("mine"))
    }

    @Test(arguments: [
        (#"{}"#, QueueChange()), (#"{"policy":"fifo"}"#, QueueChange(policy: .fifo)),
        (#"{"paused":true}"#, QueueChange(brake: BrakeChange(subject: .everything, brake: .paused))),
        (#"{"held":true,"paused":true}"#, QueueChange(brake: BrakeChange(subject: .everything, brake: .paused))),
        (#"{"held":true,"paused":false}"#, QueueChange(brake: BrakeChange(subject: .everything, brake: .held))),
        (
            #"{"held":false,"output":"desk"}"#,
            QueueChange(brake: BrakeChange(subject: .output(OutputID("desk")), brake: nil))
        ),
        (
            #"{"policy":"priority","paused":true,"session_id":"a","for_ms":1500}"#,
            QueueChange(
                policy: .priority,
                brake: BrakeChange(subject: .session(SessionID("a")), brake: .paused, duration: .milliseconds(1_500)))
        ),
    ])
    func `a change of the queue is read and written`(json: String, change: QueueChange) throws {
        let command = try QueueSetCommand(Array(json.utf8))
        #expect(command.change == change)
        #expect(try QueueSetCommand(JSONText.bytes(JSONValue.object(command.fields))) == command)
    }

    @Test(arguments: [
        ("", WireError.invalidJSON), ("{", .invalidJSON), ("{}x", .invalidJSON),
        ("[]", .wrongType(field: "", wanted: "an object")),
        ("{}", .missingField("type")), (#"{"type":1}"#, .wrongType(field: "type", wanted: "a string")),
        (#"{"type":"dance"}"#, .unknownCommand("dance")),
        (#"{"type":"await_utterance"}"#, .notSupported("await_utterance")),
        (#"{"type":"speak"}"#, .missingField("text")),
        (#"{"type":"speak","text":null}"#, .missingField("text")),
        (#"{"type":"speak","text":7}"#, .wrongType(field: "text", wanted: "a string")),
        (#"{"type":"speak","text":"a","txet":1}"#, .unknownField("txet")),
        (#"{"type":"speak","text":"a","speed":5}"#, .outOfRange(field: "speed", allowed: "0.25 to 4.0")),
        (#"{"type":"speak","text":"a","priority":1.5}"#, .wrongType(field: "priority", wanted: "a whole number")),
        (#"{"type":"speak","text":"a","private":1}"#, .wrongType(field: "private", wanted: "true or false")),
        (
            #"{"type":"speak","text":"a","interrupt":"x"}"#,
            .outOfRange(field: "interrupt", allowed: "none, session, output, all")
        ),
        (
            #"{"type":"speak","text":"a","emotion":"joy"}"#,
            .outOfRange(
                field: "emotion",
                allowed: "excited, celebration, insight, creative, success, progress, investigating, debugging, "
                    + "learning, pondering, focused, caution, urgent")
        ),
        (
            #"{"type":"speak","text":"a","idempotency_key":""}"#,
            .outOfRange(field: "idempotency_key", allowed: "1 to 256 bytes")
        ),
        (#"{"type":"hello","client":{"name":"x","age":3}}"#, .unknownField("client.age")),
        (#"{"type":"subscribe","events":["jub.*"]}"#, .unknownEvent("jub.*")),
        (#"{"type":"subscribe","events":["job"]}"#, .unknownEvent("job")),
        (#"{"type":"subscribe","events":["*"],"rooms":["a"]}"#, .notSupported("rooms")),
        (#"{"type":"abort","scope":"job"}"#, .missingField("job_id")),
        (
            #"{"type":"queue.set","policy":"random"}"#,
            .outOfRange(field: "policy", allowed: "round_robin, fifo, priority")
        ),
        (#"{"type":"queue.set","session_id":"a"}"#, .missingField("paused")),
        (#"{"type":"queue.set","for_ms":5}"#, .missingField("paused")),
        (
            #"{"type":"queue.set","paused":false,"for_ms":5}"#,
            .outOfRange(field: "for_ms", allowed: "absent where nothing is paused or held")
        ),
        (
            #"{"type":"queue.set","paused":true,"session_id":"a","output":"b"}"#,
            .outOfRange(field: "output", allowed: "absent beside session_id")
        ),
        (
            #"{"type":"listener.open","kind":"x","sample_rate":7000}"#,
            .outOfRange(field: "sample_rate", allowed: "8000 to 48000")
        ),
        (
            #"{"type":"listener.open","kind":"x","formats":["ogg"]}"#,
            .outOfRange(field: "formats", allowed: "pcm_s16, opus, wav, mp3")
        ),
        (
            #"{"type":"listener.open","kind":"x","session_id":"a b"}"#,
            .outOfRange(field: "session_id", allowed: "1 to 64 visible ASCII characters, but not . or ..")
        ),
        (
            #"{"type":"source.pause","source_id":".."}"#,
            .outOfRange(field: "source_id", allowed: "1 to 64 visible ASCII characters, but not . or ..")
        ),
    ])
    func `what cannot be read is refused by name`(json: String, error: WireError) {
        #expect(failure(json) == error)
    }

    @Test func `depth, long numbers and huge numbers are bounded`() {
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(failure(#"{"type":"ping","x":\#(deep)}"#) == .tooComplex)
        #expect(failure(#"{"type":"ping","x":\#(String(repeating: "9", count: 65))}"#) == .tooComplex)
        #expect(failure(#"{"type":"speak","text":"a","speed":1e99}"#)?.code == .outOfRange)
        #expect(failure(#"{"type":"speak","text":"a","speed":1e999}"#) != nil)
        #expect(failure(String(repeating: "[", count: 200_000)) == .tooComplex)
    }

    @Test func `bytes that are not UTF-8 are told apart from broken JSON`() {
        let message = CommandMessage([0x7B, 0x22, 0xFF, 0x22, 0x7D])
        #expect(message.command == .failure(.invalidUTF8))
    }

    @Test(arguments: ["1", "1.0", "-0", "1e2", "\"a\\u0062\"", "true", "null", "18446744073709551616"])
    func `any scalar comes back as it was written`(request: String) throws {
        let message = CommandMessage(Array(#"{"x":{"req":5},"req" : \#(request) ,"type":"ping"}"#.utf8))
        #expect(message.request == Array(request.utf8))
        let reply = Reply.ok(to: message.request, ["seq": 3])
        #expect(String(decoding: reply.json, as: UTF8.self) == #"{"req":\#(request),"seq":3,"type":"ok"}"#)
    }

    @Test func `a request that is no scalar is refused`() {
        let message = CommandMessage(Array(#"{"type":"ping","req":[1]}"#.utf8))
        #expect(message.request == nil)
        #expect(
            message.command == .failure(.wrongType(field: "req", wanted: "a string, a number, true, false or null")))
    }

    @Test func `a refused command still carries its request`() {
        let message = CommandMessage(Array(#"{"type":"speak","req":"r7"}"#.utf8))
        #expect(message.request == Array("\"r7\"".utf8))
        #expect(message.command == .failure(.missingField("text")))
    }

    @Test func `what one half writes the other reads`() throws {
        var open = ListenerOpenCommand(kind: "play", scope: .everyone)
        open.output = OutputID("out_1")
        open.device = "Desk"
        open.codecs = [.opus, .pcm]
        open.trim.volume = 0.5
        open.trim.delay = .milliseconds(120)
        var trim = ListenerTrimFields()
        trim.mutedVoices = ["slt"]
        trim.mutedSessions = []
        open.readiness = .notReady(reason: "muted")
        open.resume = .init(listener: ListenerID("lis_1"), job: JobID("job_1"), received: .milliseconds(1_250))
        let filter = try EventFilter(names: ["job.*", "server.stopping"], sessions: [SessionID("a")])
        let session = WireSessionRequest(id: SessionID("a"), name: "Desk", voice: "slt")
        let commands: [Command] = [
            .hello(HelloCommand(token: "t", client: .init(name: "c", version: "1"), session: session)),
            .subscribe(SubscribeCommand(filter: filter, lastSequence: 12)), .listenerOpen(open),
            .unsubscribe(SubscribeCommand(filter: filter)),
            .abort(AbortCommand(scope: .output, output: OutputID("local"))),
            .listenerState(ListenerStateCommand(listener: ListenerID("lis_1"), readiness: .ready)),
            .listenerUpdate(ListenerUpdateCommand(listener: ListenerID("lis_1"), trim: trim)),
            .listenerClose(ListenerID("lis_1")), .sessionStart(session), .sessionEnd(SessionID("a")), .ping,
            .playback(
                PlaybackCommand(
                    job: JobID("job_1"), listener: ListenerID("lis_1"), state: .progress, position: .milliseconds(250))
            ),
        ]
        for command in commands {
            #expect(try Command(command.json(request: 4)) == command)
        }
    }
}
