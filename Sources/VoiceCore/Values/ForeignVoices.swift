/// Finds a local voice for a name of another system: the same name always the same voice, never an error.
package struct ForeignVoices: Sendable {
    private let voices: [Voice]

    /// - Parameter voices: Those there are; the order does not matter.
    package init(_ voices: [Voice]) {
        self.voices = voices.sorted { $0.id < $1.id }
    }

    /// The voice that stands for a name; nil only where there is none at all.
    ///
    /// A name that is known to be a woman's or a man's gets such a voice. Among them the name itself decides.
    package func voice(for name: String) -> Voice? {
        let gender = Self.genders[name.lowercased()]
        let fitting = gender == nil ? [] : voices.filter { $0.gender == gender }
        let choice = fitting.isEmpty ? voices : fitting
        guard !choice.isEmpty else { return nil }
        return choice[Int(Self.hash(name.lowercased()) % UInt64(choice.count))]
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
