import Remote

/// What a command line leaves open, filled in from the environment, the configuration file and the data folder.
struct Settings: Sendable {
    static let defaultServer = "http://127.0.0.1:7780"

    let arguments: ParsedArguments
    let environment: Environment
    let file: ConfigurationFile

    /// - Throws: `Failure` when the configuration file cannot be understood.
    init(_ invocation: Invocation) throws {
        arguments = invocation.arguments
        environment = invocation.environment
        file = try Self.readFile(invocation.environment.configurationPath)
    }

    init(arguments: ParsedArguments, environment: Environment, file: ConfigurationFile) {
        self.arguments = arguments
        self.environment = environment
        self.file = file
    }

    var dataFolder: LocalFolder {
        LocalFolder(path: arguments.string("data") ?? file["data"] ?? environment.defaultDataFolder)
    }

    var voice: String? { arguments.string("voice") ?? file["voice"] }

    /// The server to talk to, and the token to show it: options first, then the environment, then the configuration
    /// file, then what the data folder knows.
    var server: ServerAddress {
        let named = arguments.string("server") ?? environment["HEARSAY_SERVER"] ?? file["server"]
        let url = named ?? dataFolder.runningServer ?? Self.defaultServer
        let token = arguments.string("token") ?? environment["HEARSAY_TOKEN"] ?? file["token"] ?? dataFolder.adminToken
        return ServerAddress(url: Self.withScheme(url), token: token)
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
            advice: ["It is \(path); its keys are \(ConfigurationFile.keys.joined(separator: ", "))."])
    }
}
