package import Wyoming

/// The voices that are linked into this program.
package enum FliteVoice: String, CaseIterable, Hashable, Sendable {
    case slt, rms, awb, kal16

    /// The voice of requests that name none.
    package static let standard = FliteVoice.slt

    /// All four have 16 kHz.
    package static let sampleRate = 16_000

    /// The voice of that name, short (`slt`) or as flite writes it (`cmu_us_slt`).
    package init?(name: String) {
        let prefix = "cmu_us_"
        self.init(rawValue: name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name)
    }

    /// Whether flite can change the pitch of the voice.
    ///
    /// `rms` has a model of its own for its melody (flite's "spam F0"), which knows no shift.
    package var canShift: Bool { self != .rms }

    /// How the voice is announced.
    package var info: EngineVoice {
        EngineVoice(
            artifact: Artifact(name: rawValue, about: about, attribution: Self.makers, version: "2.2"),
            languages: ["en-US"], gender: self == .slt ? "female" : "male", sampleRate: Self.sampleRate,
            licence: "LicenseRef-Flite", loudness: loudness)
    }

    /// What `describe` is answered with.
    package static let program = Info(speech: [
        SpeechProgram(
            artifact: Artifact(
                name: "flite", about: "Small English voices without model files", attribution: makers, version: "2.2"),
            voices: allCases.map(\.info))
    ])

    private static let makers = Attribution(name: "Carnegie Mellon University", url: "http://cmuflite.org")

    /// Measured in LUFS with two sentences; Docs/Voices.md.
    private var loudness: Double {
        switch self {
        case .slt: -16.5
        case .rms: -21.9
        case .awb: -20.9
        case .kal16: -28.3
        }
    }

    private var about: String {
        switch self {
        case .slt: "Woman, American"
        case .rms: "Man, American"
        case .awb: "Man, American words with a Scottish tongue"
        case .kal16: "Man, American, robotic but the cheapest to run"
        }
    }
}
