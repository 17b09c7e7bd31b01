import Glibc
import JSON

/// Where `hearsay serve` gets its options: from its command line, then from the server's configuration file, then from
/// the settings that all commands share.
struct ServeConfiguration: Sendable {
    /// What the file and the command line give together.
    struct Reading: Sendable {
        /// The command line with what the file adds.
        var arguments: ParsedArguments
        /// What can be done; with mistakes, without what they are about.
        var options: ServeOptions
        var file: ServeFile
        /// In the order of the file.
        var mistakes: [ServeFileMistake]
    }

    let path: String
    /// Whether the file was named, and so must be there.
    let isNamed: Bool
    private let arguments: ParsedArguments
    private let environment: Environment
    private let shared: ConfigurationFile

    /// - Parameter path: Which file, where it is known; nil for the one that the command line means.
    init(
        arguments: ParsedArguments, environment: Environment, shared: ConfigurationFile = ConfigurationFile(),
        path named: String? = nil
    ) throws(UsageError) {
        self.arguments = arguments
        self.environment = environment
        self.shared = shared
        let settings = try Settings(arguments: arguments, environment: environment, file: shared)
        let usual = settings.dataFolder.path + "/" + ServeFile.fileName
        path = named ?? arguments.string("config") ?? usual
        isNamed = path != usual
    }

    /// The options that may stand in the file.
    static var options: [Option] { Command.serve.options.filter { $0.name != "config" } }

    /// For those who work in another folder.
    var absolutePath: String { path.absolutePath }

    /// Reads the file, if there is one.
    ///
    /// - Throws: `UsageError` for what only the command line can mend.
    func read() throws(UsageError) -> Reading {
        var (file, mistakes) = load()
        while true {
            let merged = file.merged(under: arguments)
            do throws(UsageError) {
                let settings = try Settings(arguments: merged, environment: environment, file: shared)
                let options = try ServeOptions(settings)
                mistakes.sort { ($0.place ?? .start) < ($1.place ?? .start) }
                return Reading(arguments: merged, options: options, file: file, mistakes: mistakes)
            } catch {
                guard let removal = file.remove(blamedBy: error, under: arguments) else { throw error }
                if case .mistake(let mistake) = removal { mistakes.append(mistake) }
            }
        }
    }

    private func load() -> (ServeFile, [ServeFileMistake]) {
        let bytes: [UInt8]
        do throws(SmallFile.Problem) {
            bytes = try SmallFile.readBytes(path, limit: SmallFile.byteLimit)
        } catch {
            let isMissed = isNamed || error != .absent && error != .system(ENOTDIR)
            return (ServeFile(), isMissed ? [ServeFileMistake(.unreadable(error), at: nil)] : [])
        }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        return ServeFileReader(
            options: Self.options, folder: folder, home: environment.home, isInDataFolder: !isNamed
        ).read(bytes)
    }
}

extension ServeConfiguration {
    /// - Throws: `Failure` when the file that commands share cannot be understood, or `UsageError`.
    init(_ invocation: Invocation) throws {
        try self.init(
            arguments: invocation.arguments, environment: invocation.environment, shared: Settings(invocation).file)
    }

    /// Why the server does not start.
    func failure(_ mistakes: [ServeFileMistake]) -> Failure {
        Failure(
            exitCode: .usage, code: "bad_configuration",
            message: "the configuration file cannot be used",
            advice: mistakes.map { $0.text(in: path) } + ["`hearsay help configuration` lists the keys."])
    }
}

extension String {
    /// The path as those find it who work in another folder.
    var absolutePath: String {
        guard !hasPrefix("/"), let folder = unsafe getcwd(nil, 0) else { return self }
        defer { unsafe free(folder) }
        return unsafe String(cString: folder) + "/" + self
    }
}
