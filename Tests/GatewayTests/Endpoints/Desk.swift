import Flow
import Gateway
import Net
import Secrets
import Speaking
import Testing
import VoiceCore
import VoiceTesting

/// A whole server without sockets: requests go in by hand, answers come back.
final class Desk: Sendable {
    struct Unexpected: Error {}

    let store = MemoryTokenStore()
    let events = Broadcast<Event>()
    let lines = Monitor<[String]>([])
    let access: AccessTable
    let dispatcher: Dispatcher
    let server: ServerFacts
    let gateway: Gateway

    let clock = ManualTimeline()

    /// - Parameter hasDebugEcho: Whether `/debug/echo` is open.
    init(
        rates: Rates = Rates(), proxies: [String] = [], hasDebugEcho: Bool = false, metricsNetworks: [IPNetwork] = [],
        doors: [DoorName] = [], notebook: any Notebook = NoNotebook(),
        recordings: any RecordingShelf = NoRecordings()
    ) async throws {
        let timeline = clock.timeline
        let lines = lines
        let sink = LogSink(level: .debug, style: .json) { line in lines.update { $0.append(line) } }
        let log = Log(label: "test", sink: sink)
        let engine = FakeEngine()
        let sessions = SessionRegistry(events: events, timeline: timeline)
        access = AccessTable(store: store, timeline: timeline)
        dispatcher = Dispatcher(
            Dispatcher.Surroundings(
                engines: engine, sessions: sessions, events: events, timeline: timeline, log: log))
        server = ServerFacts(
            version: "1.2.3", timeline: timeline, stop: Latch(), metricsNetworks: metricsNetworks)
        let parts = GatewayParts(
            dispatcher: dispatcher, sessions: sessions, events: events, engines: engine, notebook: notebook,
            recordings: recordings, access: access,
            rates: rates, server: server)
        gateway = Gateway(
            parts: parts,
            rules: DoorRules(
                hosts: HostCheck(machineName: "den", names: ["voice.example.com"]),
                origins: OriginCheck(allowed: [WebOrigin("https://friend.example")].compactMap { $0 }),
                proxies: ProxyTrust(proxies.compactMap { IPNetwork($0) })),
            pages: Pages([Page(path: "player/index.html", bytes: [0x3C])]), hasDebugEcho: hasDebugEcho,
            aliases: Dictionary(
                uniqueKeysWithValues: doors.enumerated().map { number, name in
                    (number + 1, Alias(name: name, address: SocketAddress(host: "127.0.0.1", port: name.usualPort)))
                }),
            log: log
        ) { _, _, _ in }
        for door in doors { try await sessions.keep(door.session, isLocal: true) }
    }

    /// A new token.
    func token(
        _ scopes: Scopes, session: String? = nil, room: String? = nil, rate: Rate? = nil
    ) async throws -> String {
        let grant = Grant(
            token: .random(), scopes: scopes, session: session.map { SessionID($0) }, room: room, rate: rate)
        let made = try await access.create(grant, expiresIn: nil, label: "test")
        return try #require(made).token.text
    }

    /// What the gateway replies, before anything is waited for.
    func reply(
        _ method: String, _ target: String, token: String? = nil, body: String = "", fields: HTTPFields = [:],
        host: String = "127.0.0.1:7780", peer: String = "127.0.0.1", entrance: Int = 0
    ) -> HTTPReply {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        let segments = parts[0].split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            .map { PercentCoding.decode($0) ?? "" }
        var query: [String: String] = [:]
        for item in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
            let pair = item.split(separator: "=", maxSplits: 1).map(String.init)
            query[pair[0]] = pair.count > 1 ? pair[1] : ""
        }
        var all = fields
        all.append("Host", host)
        if let token { all.append("Authorization", "Bearer \(token)") }
        return gateway.reply(
            to: HTTPRequest(
                method: method, path: "/" + segments.joined(separator: "/"), segments: segments, query: query,
                rawTarget: target, fields: all, body: Array(body.utf8),
                peer: SocketAddress(host: peer, port: 40_000), entrance: entrance))
    }

    /// The whole answer.
    func ask(
        _ method: String, _ target: String, token: String? = nil, body: String = "", fields: HTTPFields = [:],
        host: String = "127.0.0.1:7780", peer: String = "127.0.0.1", entrance: Int = 0
    ) async throws -> Answer {
        switch reply(
            method, target, token: token, body: body, fields: fields, host: host, peer: peer, entrance: entrance)
        {
        case .now(let response): return Answer(response)
        case .later(let work): return Answer(await work())
        case .stream(let head, _): return Answer(head)
        // Only a connection can open a body.
        case .openLater: return Answer(HTTPResponse(status: 200))
        case .webSocket, .refuseWebSocket: throw Unexpected()
        }
    }
}
