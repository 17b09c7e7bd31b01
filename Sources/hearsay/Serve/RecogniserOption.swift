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
                        "a name of its own and an address, such as big=hearsay+https://box:7780 or "
                        + "whisper=wyoming://box:10300; the token of a Hearsay goes to \(EngineKey.variable("big"))")
            }
            options.append(RecogniserOption(name: parts[0], place: place))
        }
        return options
    }

    /// The recogniser itself.
    func transcriber(_ log: Log) -> any TranscriberEngine {
        switch place {
        case .hearsay(let address): return RemoteHearsay(name: name, address: address)
        case .wyoming(let address):
            let engine = WyomingTranscriber(name: name, address: address, options: PoolOptions(), log: log)
            guard let engine else { preconditionFailure("an address is read before it is used") }
            return engine
        }
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.count <= 32 && !reserved.contains(name)
            && name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    }

    private static func place(_ address: String, named name: String, _ settings: Settings) -> Place? {
        guard address.hasPrefix(relayPrefix) else {
            guard case .wyoming(let host, let port) = EngineSource(address) else { return nil }
            return .wyoming("tcp://[\(host)]:\(port)")
        }
        let url = String(address.dropFirst(relayPrefix.count))
        guard url.hasPrefix("http://") || url.hasPrefix("https://"), (try? URLParts(url)) != nil else { return nil }
        let token = settings.environment[EngineKey.variable(name)] ?? settings.file["engine-\(name)-key"]
        let pins = [settings.knownServers[url]].compactMap { $0 }
        return .hearsay(ServerAddress(url: url, token: token, trust: ServerTrust(pins: pins, authorityPath: nil)))
    }
}
