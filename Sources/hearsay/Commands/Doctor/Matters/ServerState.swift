import Flow
import JSON
import Net
import Remote
import Secrets
import Wire

/// What the server says of itself, and to this user.
struct ServerState: Hashable, Sendable {
    /// Who is at the address.
    enum Reach: Hashable, Sendable {
        case answers
        case otherProgram
        case silent(reason: String)
        case refused(reason: String)
        /// Its certificate is not accepted here.
        case untrusted(reason: String, fingerprint: String?)
        /// It answers only with `https` in front.
        case needsTLS
    }

    /// What the token is good for.
    enum Admission: Hashable, Sendable {
        case welcome
        case noToken
        case refused(code: String)
        case unknown(reason: String)
    }

    var url: String
    var isLocal = true
    var reach: Reach
    var admission = Admission.noToken
    /// The answer of `/status`.
    var status: JSONValue?
    /// The newest job that has ended, of those this token may see.
    var lastJob: JSONValue?
    /// How far the server's clock is ahead of ours.
    var skew: Duration?
    /// Where the server of the data folder answers; nil when none runs.
    var runningURL: String?
    /// What to open in a browser; nil where this machine does not know it.
    var playerLink: String?

    var engines: [JSONValue] { status?["engines"]?.elements ?? [] }

    var listeners: [JSONValue] { status?["listeners"]?.elements ?? [] }

    /// Whether some engine can be asked to speak.
    var hasWorkingEngine: Bool { engines.contains { $0.isVoice && $0["state"]?.text != "failed" } }
}

extension ServerState {
    /// Asks the server.
    static func read(_ settings: Settings) async -> ServerState {
        let address = settings.server
        let requests = ServerRequests(address)
        var state = ServerState(url: address.url, reach: .answers, playerLink: settings.playerLink)
        state.runningURL = settings.dataFolder.runningServer
        state.isLocal = (try? URLParts(address.url)).map { Interface.isOurs($0.host) } ?? true
        do throws(RemoteError) {
            let before = WallTime.now()
            let health = try await requests.answer(to: "/health")
            guard (try? JSONText.value(JSONValue.self, of: health.body))?["status"] != nil else {
                state.reach = .otherProgram
                return state
            }
            state.skew = HTTPTime.skew(of: health.fields["Date"], from: before, to: .now())
        } catch .unreachable(_, let reason) {
            state.reach = .silent(reason: reason)
            return state
        } catch .certificate(let refusal, _) {
            state.reach = .untrusted(reason: refusal.description, fingerprint: refusal.fingerprint.description)
            return state
        } catch .badAuthorities(let reason) {
            state.reach = .untrusted(reason: reason, fingerprint: nil)
            return state
        } catch .needsTLS {
            state.reach = .needsTLS
            return state
        } catch .refused(_, let message) {
            state.reach = .refused(reason: message)
            return state
        } catch {
            state.reach = .otherProgram
            return state
        }
        await state.ask(requests, hasToken: address.token != nil)
        return state
    }

    private mutating func ask(_ requests: ServerRequests, hasToken: Bool) async {
        guard hasToken else { return }
        do throws(RemoteError) {
            status = try await requests.get("/status")
            admission = .welcome
        } catch .refused(let code, _) {
            admission = .refused(code: code)
        } catch {
            admission = .unknown(reason: "\(error)")
        }
        let jobs = (try? await requests.get("/v1/jobs"))?["jobs"]?.elements ?? []
        // Times are ISO 8601 in UTC, so that later ones compare as greater texts.
        lastJob = jobs.filter { SpeakOutcome($0) != nil }
            .max { ($0["accepted_at"]?.text ?? "") < ($1["accepted_at"]?.text ?? "") }
    }
}
