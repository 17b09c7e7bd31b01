import VoiceCore

/// Reads `hear --vad NAME=VALUE`, several in one or each on its own.
enum DetectionOption {
    /// What a value may be; the server keeps to the same bounds.
    private static let expected =
        "threshold=0 to 1, speech=TIME up to 2s, silence=TIME up to 5s, longest=TIME up to 50s or pad=TIME up to 3s"

    /// - Returns: What is named; later values go before earlier ones.
    static func read(_ arguments: ParsedArguments) throws(UsageError) -> VoiceDetectionSettings {
        var settings = VoiceDetectionSettings()
        for text in arguments.strings("vad") {
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard apply(String(part), to: &settings) else {
                    throw .badValue(option: "--vad", value: String(part), expected: expected)
                }
            }
        }
        return settings
    }

    private static func apply(_ text: String, to settings: inout VoiceDetectionSettings) -> Bool {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return false }
        switch parts[0] {
        case "threshold":
            guard let number = Double(parts[1]), (0...1).contains(number) else { return false }
            settings.threshold = number
            return true
        case "speech": return set(&settings.minimumSpeech, parts[1], upTo: .seconds(2))
        case "silence": return set(&settings.silence, parts[1], upTo: .seconds(5))
        case "longest": return set(&settings.longest, parts[1], upTo: .seconds(50))
        case "pad": return set(&settings.pad, parts[1], upTo: .seconds(3))
        default: return false
        }
    }

    private static func set(_ time: inout Duration?, _ text: String, upTo limit: Duration) -> Bool {
        time = Duration(shortText: text)
        return time.map { $0 <= limit } ?? false
    }
}
