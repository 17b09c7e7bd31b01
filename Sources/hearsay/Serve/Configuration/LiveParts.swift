import Engines
import Gateway
import Speaking
import Store
import VoiceCore

/// The parts of a running server that take new options.
struct LiveParts: Sendable {
    let gateway: Gateway
    let turnstile: Turnstile
    let engines: ServerEngines
    let journal: Journal
    let notebook: NotebookKeeper
    let dispatcher: Dispatcher

    /// Whether some engine here speaks with that voice.
    func knows(_ voice: String) async -> Bool { await engines.roster.synthesizer(for: voice) != nil }

    /// Lets new options hold.
    ///
    /// - Parameter changed: Names of the options that are new; the policy may have been set since by somebody else.
    func apply(_ options: ServeOptions, changed: Set<String>) async {
        gateway.replace(rules: options.doorRules)
        turnstile.replace(rates: options.rates)
        journal.replace(retention: options.retention)
        notebook.replace(retention: options.speechRetention)
        engines.useVoice(options.voice)
        if changed.contains("queue") {
            _ = await dispatcher.setQueue(QueueChange(policy: options.policy))
        }
    }
}

extension ServeOptions {
    /// Whom the server lets in.
    var doorRules: DoorRules {
        let own = publicURL.flatMap { WebOrigin($0) }
        return DoorRules(
            hosts: HostCheck(names: hosts + [own?.hostName].compactMap { $0 }),
            origins: OriginCheck(allowed: allowedOrigins + [own].compactMap { $0 }),
            proxies: ProxyTrust(trustedProxies))
    }
}
