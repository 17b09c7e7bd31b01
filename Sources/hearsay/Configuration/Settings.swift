import Net
import Remote
import Secrets

/// What a command line leaves open, filled in from the environment, the configuration file and the data folder.
struct Settings: Sendable {
    static let defaultServer = "http://127.0.0.1:7780"

    let arguments: ParsedArguments
    let environment: Environment
    let file: ConfigurationFile
    let knownServers: KnownServers
    /// Of `--fingerprint` and its like.
    private var explicitlyPinned: Pin?

    /// - Throws: `Failure` when the configuration file cannot be understood, or `UsageError`.
    init(_ invocation: Invocation) throws {
        arguments = invocation.arguments
        environment = invocation.environment
        file = try Self.readFile(invocation.environment.configurationPath)
        knownServers = KnownServers((try? SmallFile.read(environment.knownServersPath)) ?? "")
        explicitlyPinned = try explicitPin()
    }

    init(
        arguments: ParsedArguments, environment: Environment, file: ConfigurationFile,
        knownServers: KnownServers = KnownServers()
    ) throws(UsageError) {
        self.arguments = arguments
        self.environment = environment
        self.file = file
        self.knownServers = knownServers
        explicitlyPinned = try explicitPin()
    }

    var dataFolder: LocalFolder {
        LocalFolder(path: arguments.string("data") ?? file["data"] ?? environment.defaultDataFolder)
    }

    var voice: String? { arguments.string("voice") ?? file["voice"] }

    /// The server to talk to, and the token to show it: options first, then the environment, then the configuration
    /// file, then what the data folder knows.
    var server: ServerAddress {
        let token = arguments.string("token") ?? environment["HEARSAY_TOKEN"] ?? file["token"] ?? ownToken
        let trust = ServerTrust(pins: [pin?.fingerprint].compactMap { $0 }, authorityPath: authorityPath)
        return ServerAddress(url: url, token: token, trust: trust)
    }

    /// The certificate that the server is expected to show; nil where authorities vouch for it.
    var pin: Pin? {
        if let explicitlyPinned { return explicitlyPinned }
        if url == dataFolder.runningServer, let fingerprint = dataFolder.fingerprint {
            return Pin(fingerprint: fingerprint, source: .dataFolder)
        }
        // Whoever names authorities wants them to be asked.
        guard authorityPath == nil else { return nil }
        return knownServers[url].map { Pin(fingerprint: $0, source: .knownServers) }
    }

    private var url: String {
        let named = arguments.string("server") ?? environment["HEARSAY_SERVER"] ?? file["server"]
        return Self.withScheme(named ?? dataFolder.runningServer ?? Self.defaultServer)
    }

    /// The admin token of the data folder, for servers of this machine alone: elsewhere it opens nothing, and would be
    /// given away.
    private var ownToken: String? {
        guard let host = try? URLParts(url).host, Interface.isOurs(host) else { return nil }
        return dataFolder.adminToken
    }

    private var authorityPath: String? {
        arguments.string("ca-file") ?? environment["HEARSAY_CA_FILE"] ?? file["ca-file"]
    }

    /// What to open in a browser; nil unless the server runs on this machine's data folder.
    var playerLink: String? {
        guard let url = dataFolder.runningServer, let token = dataFolder.playerToken else { return nil }
        return PlayerLink.text(url: url, token: token)
    }

    private static func withScheme(_ url: String) -> String {
        url.contains("://") ? url : "http://" + url
    }

    private static func readFile(_ path: String) throws -> ConfigurationFile {
        do {
            return try ConfigurationFile(SmallFile.read(path))
        } catch SmallFile.Problem.absent {
            return ConfigurationFile()
        } catch let problem as SmallFile.Problem {
            throw Self.failure(path, problem.description)
        } catch let problem as ConfigurationFile.Problem {
            throw Self.failure(path, problem.description)
        }
    }

    private static func failure(_ path: String, _ problem: String) -> Failure {
        Failure(
            exitCode: .usage, code: "bad_configuration", message: "the configuration file cannot be used: \(problem)",
            advice: ["It is \(path); its keys are server, token, data, voice, ca-file, fingerprint and limit.NAME."])
    }
}
