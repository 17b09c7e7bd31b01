import Hearing
import Net
import Speaking
import VoiceCore
import Wire
import JSON

/// What there is to speak with and to hear on: voices, engines, listeners.
struct CatalogueEndpoints: Sendable {
    let parts: GatewayParts

    var routes: [Route] {
        [
            .waiting("GET", "/v1/voices", anyOf: nil, voices),
            .waiting("GET", "/v1/engines", anyOf: nil, engines),
            .waiting("GET", "/v1/listeners", anyOf: nil, listeners),
        ]
    }

    private func voices(_ call: Call) async -> HTTPResponse {
        let failed = Dictionary(
            await parts.engines.states().filter { $0.phase == .failed && !$0.isRemote }.map { ($0.engine, $0.reason) }
        ) { first, _ in first }
        let present = await parts.engines.voices().map { voice in
            guard let reason = failed[voice.engine] else { return voice }
            var voice = voice
            (voice.isInstalled, voice.reason) = (false, reason ?? "its engine failed")
            return voice
        }
        let voices = present + (await parts.engines.absentVoices())
        return .object([
            "default": .string(parts.engines.defaultVoice), "voices": .array(voices.map { WireVoice($0).json }),
        ])
    }

    private func engines(_ call: Call) async -> HTTPResponse {
        let hearing = (parts.hearing?.engines ?? []) + (parts.hearing?.absentEngines ?? [])
        return .object(["engines": .array((await speakingEngines() + hearing).map(\.json))])
    }

    /// Those that speak, with the languages of their voices.
    private func speakingEngines() async -> [EngineState] {
        let voices = Dictionary(grouping: await parts.engines.voices(), by: \.engine)
        return await parts.engines.states().map { state in
            var state = state
            if state.languages.isEmpty {
                let spoken = Set((voices[state.engine] ?? []).map(\.language))
                state.languages = spoken.filter { $0 != "und" }.sorted()
            }
            return state
        }
    }

    private func listeners(_ call: Call) async -> HTTPResponse {
        let listeners = await parts.dispatcher.listeners(visibleTo: call.grant)
        return .object(["listeners": .array(listeners.map(\.json))])
    }
}
