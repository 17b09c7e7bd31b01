import Flow
import Remote
import Wire
import JSON

extension Command {
    static let events = Command(
        name: "events",
        summary: "print what happens, as it happens",
        options: [
            .values("subscribe", "NAMES", "which events: exact names, job.* or *; default: *"),
            .values("session", "ID", "only those of this session"),
            .value("since", "NUMBER", nil, "begin with the event after this number"),
            .value("exec", "COMMAND", "e", "run COMMAND for each event, with the event as JSON on its standard input"),
            .value("count", "NUMBER", "n", "end after so many events"),
        ] + Option.client,
        discussion: [
            "Lines are JSON unless a terminal reads them. After a lost connection it goes on where it",
            "was. COMMAND is run by sh, one at a time, in order; HEARSAY_EVENT is the event's name.",
        ],
        examples: [
            Example(line: "hearsay events --subscribe 'job.*'", meaning: "what becomes of every job"),
            Example(
                line: "hearsay events --subscribe job.finished --exec 'notify-send \"$HEARSAY_EVENT\"'",
                meaning: "run a command whenever something was heard"),
        ],
        run: { try await EventsCommand($0).run() })
}

/// Follows a server's events.
struct EventsCommand: Sendable {
    private let invocation: Invocation
    private let reader: EventReader
    private let lastSequence: UInt64?
    private let limit: Int?

    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        let arguments = invocation.arguments
        let names = arguments.strings("subscribe").flatMap { $0.split(separator: ",").map(String.init) }
        reader = try EventReader(
            Settings(invocation).server, names: names.isEmpty ? ["*"] : names, sessions: arguments.strings("session"),
            clientName: "hearsay events")
        lastSequence = try arguments.integer("since", in: 0...Int.max).map(UInt64.init)
        limit = try arguments.integer("count", in: 1...Int.max)
    }

    func run() async throws -> ExitCode {
        let seen = Monitor(0)
        try await Interrupts.cancelling {
            try await reader.run(after: lastSequence, connected: {}) { event in
                guard await take(event) else { return false }
                let count = seen.withLock { count in
                    count += 1
                    return count
                }
                return limit.map { count < $0 } ?? true
            }
        }
        return .success
    }

    private func take(_ event: JSONValue) async -> Bool {
        let output = invocation.output
        if let command = invocation.arguments.string("exec") {
            await run(command, event)
            return true
        }
        if output.isJSON || !output.isTerminal { return output.json(event) }
        return output.line(EventLine.text(event))
    }

    private func run(_ command: String, _ event: JSONValue) async {
        let shell = ShellCommand(command, variables: ["HEARSAY_EVENT": event["type"]?.text ?? ""])
        let status = await shell.run(input: JSONText.bytes(event) + [UInt8(ascii: "\n")])
        if status != 0 { invocation.output.note("hearsay: “\(command)” ended with \(status)") }
    }
}

/// An event as a line for people.
enum EventLine {
    private static let hidden: Set<String> = ["v", "type", "seq", "at", "job_id", "session_id", "words"]

    /// Such as `00:58:03.123  job.started  job_4f7q2  delay_ms=84 …`.
    static func text(_ event: JSONValue) -> String {
        let time = event["at"]?.text.map { String($0.dropFirst(11).prefix(12)) } ?? "            "
        let subject = event["job_id"]?.text ?? event["listener_id"]?.text ?? event["session_id"]?.text ?? ""
        let parts = [time, event["type"]?.text ?? "?", subject] + details(event)
        return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }

    private static func details(_ event: JSONValue) -> [String] {
        guard case .object(let members) = event else { return [] }
        return members.keys.sorted().filter {
            !hidden.contains($0) && !($0 == "listener_id" && members["job_id"] == nil)
        }
        .map { name in
            let value = event.shown(name)
            return value.contains(" ") ? "\(name)=“\(value)”" : "\(name)=\(value)"
        }
    }
}
