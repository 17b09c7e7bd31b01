import Remote
import VoiceCore
import Wire
import JSON

extension Command {
    static let queue = Command(
        name: "queue",
        summary: "show who speaks next, or make speech wait",
        operands: Operands(usage: "[pause|hold|resume]", count: 0...1),
        options: [
            .value("policy", "NAME", nil, "whose turn is next: round_robin, fifo or priority"),
            .value("session", "ID", nil, "pause, hold or resume this session alone"),
            .value("output", "ID", nil, "pause, hold or resume this output alone"),
            .value("for", "TIME", nil, "pause or hold for so long, such as 10m; default: until `resume`"),
        ] + Option.client,
        discussion: [
            "`pause` silences what sounds within 150 ms, and lets nothing begin; `resume` goes on",
            "from the start of the word that was cut. `hold` lets what sounds come to its end first.",
            "round_robin gives each session one job in turn, fifo keeps the order of arrival,",
            "priority prefers what matters more (say --priority) and what has waited long.",
        ],
        examples: [
            Example(line: "hearsay queue", meaning: "who speaks, and how much waits"),
            Example(line: "hearsay queue pause --for 30m", meaning: "quiet for half an hour; then it goes on"),
            Example(line: "hearsay queue resume", meaning: "go on now"),
            Example(line: "hearsay queue --policy priority", meaning: "what matters most comes first"),
        ],
        run: { invocation in
            let change = try queueChange(invocation.arguments)
            let server = ServerRequests(try Settings(invocation).server)
            let reply =
                change == QueueChange()
                ? try await server.get("/v1/queue")
                : try await server.put("/v1/queue", QueueSetCommand(change).fields)
            if invocation.output.isJSON {
                invocation.output.json(reply)
            } else {
                for line in queueLines(reply) { invocation.output.line(line) }
            }
            return .success
        })

    /// The arguments as a change of the queue; none for a look at it.
    static func queueChange(_ arguments: ParsedArguments) throws(UsageError) -> QueueChange {
        if arguments.has("session"), arguments.has("output") { throw .conflict("--session", "--output") }
        var change = QueueChange(policy: try arguments.turnPolicy("policy"))
        let subject =
            arguments.string("session").map { BrakeSubject.session(SessionID($0)) }
            ?? arguments.string("output").map { .output(OutputID($0)) }
        let duration = try arguments.duration("for")
        switch arguments.operands.first {
        case nil:
            if subject != nil || duration != nil { throw .missingOperand("hearsay queue pause|hold|resume") }
            return change
        case "pause":
            change.brake = BrakeChange(subject: subject ?? .everything, brake: .paused, duration: duration)
        case "hold":
            change.brake = BrakeChange(subject: subject ?? .everything, brake: .held, duration: duration)
        case "resume":
            if duration != nil { throw .conflict("resume", "--for") }
            change.brake = BrakeChange(subject: subject ?? .everything, brake: nil)
        case let other?:
            throw .badValue(option: "queue", value: other, expected: "pause, hold or resume")
        }
        return change
    }

    /// What a person reads of the queue.
    static func queueLines(_ queue: JSONValue) -> [String] {
        let depth = queue["depth"]?.whole ?? 0
        let waiting = depth == 1 ? "1 job waits" : "\(depth) jobs wait"
        var lines = ["\(queue.shown("policy")): \(waiting)" + brake(queue)]
        for subject in queue["brakes"]?.elements ?? [] {
            let name = subject["session_id"]?.text.map { "session \($0)" } ?? "output \(subject.shown("output"))"
            lines.append(name + brake(subject))
        }
        let outputs = queue["outputs"]?.elements ?? []
        guard !outputs.isEmpty else { return lines }
        let rows = outputs.map { output in ["output", "job_id", "depth"].map { output.shown($0) } }
        return lines + Table.lines([["OUTPUT", "SOUNDS", "WAITING"]] + rows)
    }

    private static func brake(_ value: JSONValue) -> String {
        let word = value["paused"]?.flag == true ? ", paused" : value["held"]?.flag == true ? ", held" : ""
        guard !word.isEmpty, let rest = value["for_ms"]?.number else { return word }
        return word + " for \(Int(rest / 1_000)) s more"
    }
}

extension ParsedArguments {
    /// A policy of the queue; nil if absent.
    func turnPolicy(_ name: String) throws(UsageError) -> TurnPolicy? {
        guard let text = string(name) else { return nil }
        guard let policy = TurnPolicy(rawValue: text.replacing("-", with: "_")) else {
            throw .badValue(option: "--\(name)", value: text, expected: "round_robin, fifo or priority")
        }
        return policy
    }
}
