import VoiceCore

extension GatewayParts {
    /// The voice that a name means here: a voice of that name, else one that stands for it, always the same.
    func voice(named name: String) async -> String {
        if await engines.synthesizer(for: name) != nil { return name }
        return ForeignVoices(await engines.voices(), usual: engines.defaultVoice).voice(for: name)?.id ?? name
    }

    /// The first of some names that is a voice here; where none is, the voice that stands for the first one.
    func voice(namedAnyOf names: [String]) async -> String? {
        for name in names where await engines.synthesizer(for: name) != nil { return name }
        guard let first = names.first else { return nil }
        return await voice(named: first)
    }
}
