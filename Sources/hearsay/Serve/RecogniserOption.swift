import Engines
import Flow
import Net
import Remote
import RemoteEngines
import Secrets
import VoiceCore

/// A recogniser elsewhere, as the command line names it.
struct RecogniserOption: Hashable, Sendable {
    /// What answers there.
    enum Place: Hashable, Sendable {
        /// Another Hearsay.
        case hearsay(ServerAddress)
        /// A server with OpenAI's interface for recordings.
        case openAI(URLParts, model: String?, key: EngineKey?)
        /// A Wyoming server, as `WyomingTranscriber` takes it.
        case wyoming(String)
    }

    /// Names of our own recognisers, and of none.
    private static let reserved = ["pocketsphinx", "sherpa", RecognitionSettings.noEngine]
    private static let relayPrefix = "hearsay+"

    var name: String
    var place: Place

    /// Reads `--recogniser`; the tokens come from the environment or the configuration file.
    static func read(_ settings: Settings) throws(UsageError) -> [RecogniserOption] {
        var options: [RecogniserOption] = []
        for text in settings.arguments.strings("recogniser") {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, isName(parts[0]), !options.contains(where: { $0.name == parts[0] }),
                let place = place(parts[1], named: parts[0], settings)
            else {
                throw .badValue(
                    option: "--recogniser", value: Redactor.withoutUserInfo(text),
                    expected:
                        "a name of its own and an address, such as big=hearsay+https://box:7780, "
                        + "cloud=openai+https://api.openai.com/v1 or whisper=wyoming://box:10300; the token of a Hearsay "
                        + "and the key of a server go to \(EngineKey.variable("big"))")
            }
            options.append(RecogniserOption(name: parts[0], place: place))
        }
        return options
    }

    /// The recogniser itself.
    func transcriber(silence: Duration?, _ log: Log) -> any TranscriberEngine {
        switch place {
        case .openAI(let base, let model, let key):
            return RemoteRecogniser(
                name: name, base: base, model: model, key: key, limits: RemoteLimits(silence: silence), log: log)
        case .hearsay(let address): return RemoteHearsay(name: name, address: address)
        case .wyoming(let address):
            var options = PoolOptions()
            options.silenceLimit = RemoteLimits(silence: silence).silence
            options.lengthFactor = 1
            let engine = WyomingTranscriber(name: name, address: address, options: options, log: log)
            guard let engine else { preconditionFailure("an address is read before it is used") }
            return engine
        }
    }

    /// The variable goes before a file of its own, and that before the configuration file.
    private static func key(of name: String, _ settings: Settings) -> String? {
        if let key = settings.environment[EngineKey.variable(name)] { return key }
        let files = settings.arguments.strings("engine-key-file").map { EngineKeyFile($0) }
        return files.last { $0.name == name }?.content ?? settings.file["engine-\(name)-key"]
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.count <= 32 && !reserved.contains(name)
            && name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    }

    private static func place(_ address: String, named name: String, _ settings: Settings) -> Place? {
        guard address.hasPrefix(relayPrefix) else {
            switch EngineSource(address) {
            case .wyoming(let host, let port): return .wyoming("tcp://[\(host)]:\(port)")
            case .openAI(let base, let model):
                let key = key(of: name, settings)
                if key != nil, key.flatMap({ EngineKey($0) }) == nil { return nil }
                return .openAI(base, model: model, key: key.flatMap { EngineKey($0) })
            default: return nil
            }
        }
        let url = String(address.dropFirst(relayPrefix.count))
        guard url.hasPrefix("http://") || url.hasPrefix("https://"), (try? URLParts(url)) != nil else { return nil }
        let token = key(of: name, settings)
        let pins = [settings.knownServers[url]].compactMap { $0 }
        return .hearsay(ServerAddress(url: url, token: token, trust: ServerTrust(pins: pins, authorityPath: nil)))
    }
}
