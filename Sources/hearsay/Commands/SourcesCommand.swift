import JSON
import Remote
import Wire

extension Command {
    static let sources = Command(
        name: "sources",
        summary: "list what is heard now, or let it pause",
        operands: Operands(usage: "[list] | pause ID... | resume ID... | close ID...", count: 0...64),
        options: [.flag("all", nil, "pause, resume: everything that is heard")] + Option.client,
        discussion: [
            "A source is a microphone, or a recording that is sent. While it pauses nothing of it is",
            "heard, and whoever sends it is told. `close` ends it; what was said is still read.",
            "Sources of other sessions need a token with the scope control.",
        ],
        examples: [
            Example(line: "hearsay sources", meaning: "which microphones are heard, and which of them pause"),
            Example(line: "hearsay sources pause desk", meaning: "nothing that is said there is heard"),
            Example(line: "hearsay sources pause --all", meaning: "nobody is heard"),
            Example(line: "hearsay sources resume desk", meaning: "it is heard again"),
        ],
        run: { try await SourcesCommand($0).run() })
}

/// What `hearsay sources` is to do.
enum SourcesRequest: Hashable {
    enum Order: String {
        case pause, resume, close
    }

    case list
    /// To the sources of these ids.
    case order(Order, [String])
    /// To everything that is heard.
    case orderAll(Order)

    init(_ arguments: ParsedArguments) throws(UsageError) {
        let word = arguments.operands.first ?? "list"
        let ids = Array(arguments.operands.dropFirst())
        let isForAll = arguments.has("all")
        if word == "list" {
            if let extra = ids.first { throw .tooManyOperands(extra) }
            if isForAll { throw .missingOperand("hearsay sources pause|resume --all") }
            self = .list
            return
        }
        guard let order = Order(rawValue: word) else {
            throw .badValue(option: "sources", value: word, expected: "list, pause, resume or close")
        }
        if isForAll {
            if order == .close { throw .conflict(word, "--all") }
            if let id = ids.first { throw .conflict(id, "--all") }
            self = .orderAll(order)
        } else {
            if ids.isEmpty { throw .missingOperand("hearsay sources \(word) ID") }
            self = .order(order, ids)
        }
    }
}

/// Shows and changes what a server hears.
struct SourcesCommand: Sendable {
    private static let header = ["SOURCE", "SPEAKER", "SESSION", "STATE", "ENGINE"]

    private let request: SourcesRequest
    private let output: Output
    private let server: ServerRequests

    init(_ invocation: Invocation) throws {
        request = try SourcesRequest(invocation.arguments)
        output = invocation.output
        server = ServerRequests(try Settings(invocation).server)
    }

    func run() async throws -> ExitCode {
        switch request {
        case .list: output.list(try await sources(), header: Self.header, row: Self.row)
        case .order(let order, let ids): try await perform(order, ids)
        case .orderAll(let order):
            let ids = try await sources().filter { Self.isPaused($0) == (order == .resume) }
            if ids.isEmpty, !output.isJSON { output.line("none") }
            try await perform(order, ids.map { $0.shown("source_id") }, mayBeGone: true)
        }
        return .success
    }

    /// A source as a line of the list.
    static func row(_ source: JSONValue) -> [String] {
        [
            source.shown("source_id"), source.shown("speaker").onOneLine, source.shown("session_id"),
            isPaused(source) ? "paused" : "heard", source["stt"]?["engine"]?.text ?? "usual",
        ]
    }

    private static func isPaused(_ source: JSONValue) -> Bool { source["paused"]?.flag == true }

    private func sources() async throws(RemoteError) -> [JSONValue] {
        try await server.get("/v1/sources")["sources"]?.elements ?? []
    }

    /// Where one is refused the others get their order all the same, since whoever asks for silence wants as much of it
    /// as can be had.
    ///
    /// - Parameter mayBeGone: Whether a source that has ended since is no failure.
    private func perform(_ order: SourcesRequest.Order, _ ids: [String], mayBeGone: Bool = false) async throws {
        var refusal: (any Error)?
        for id in ids {
            do throws(RemoteError) {
                tell(order, id, try await ask(order, of: id))
            } catch {
                guard case .refused(let code, _) = error else { throw error }
                let isGone = code == "unknown_source"
                if isGone && mayBeGone { continue }
                refusal = refusal ?? (isGone ? Self.unknown(id) : error)
            }
        }
        if let refusal { throw refusal }
    }

    private func ask(_ order: SourcesRequest.Order, of id: String) async throws(RemoteError) -> JSONValue {
        let path = "/v1/sources/" + ServerRequests.escaped(id)
        return switch order {
        case .pause, .resume: try await server.post("\(path)/\(order.rawValue)")
        case .close: try await server.delete(path)
        }
    }

    private func tell(_ order: SourcesRequest.Order, _ id: String, _ reply: JSONValue) {
        guard !output.isJSON else {
            output.json(reply)
            return
        }
        let done =
            switch order {
            case .pause: "paused"
            case .resume: "resumed"
            case .close: "closed"
            }
        output.line("\(done) \(id)")
    }

    private static func unknown(_ id: String) -> Failure {
        Failure(
            exitCode: .refused, code: "unknown_source", message: "nothing is heard that is called \(id.onOneLine)",
            advice: ["`hearsay sources` lists what is heard now."])
    }
}
