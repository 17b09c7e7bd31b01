/// Finds a local voice for a name of another system: the same name always the same voice, never an error.
package struct ForeignVoices: Sendable {
    private let voices: [Voice]

    /// - Parameters:
    ///   - voices: Those there are; the order does not matter.
    ///   - usual: The voice of requests that name none; those of its language stand for foreign names.
    package init(_ voices: [Voice], usual: String) {
        let language = voices.first { $0.id == usual }?.language.lowercased()
        let speaking = voices.filter { $0.language.lowercased() == language }
        self.voices = speaking.isEmpty ? voices : speaking
    }

    /// The voice that stands for a name; nil only where there is none at all.
    ///
    /// A name that is known to be a woman's or a man's gets such a voice. Among them the name itself decides.
    package func voice(for name: String) -> Voice? {
        let gender = Self.genders[name.lowercased()]
        let fitting = gender == nil ? [] : voices.filter { $0.gender == gender }
        let choice = fitting.isEmpty ? voices : fitting
        // Each voice draws a number for the name and the highest wins: a voice more moves only the names it wins.
        return choice.max { weight(of: $0, for: name) < weight(of: $1, for: name) }
    }

    private func weight(of voice: Voice, for name: String) -> UInt64 {
        // FNV-1a hardly moves the upper bits for a last letter; a multiplication and a shift spread them.
        let hash = Self.hash("\(name.lowercased())\u{0}\(voice.id)") &* 0x9E37_79B9_7F4A_7C15
        return hash ^ hash >> 32
    }

    /// FNV-1a, 64 bits (RFC 9923): stable over versions and machines, unlike Swift's own hashes.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// Voices of OpenAI's speech interface, as their samples sound.
    private static let genders: [String: Voice.Gender] = [
        "ash": .male, "ballad": .male, "cedar": .male, "coral": .female, "echo": .male, "marin": .female,
        "nova": .female, "onyx": .male, "sage": .female, "shimmer": .female, "verse": .male,
    ]
}
