import JSON
import VoiceCore

/// Voices as files, which is how the Chatterbox TTS server knows them.
enum ChatterboxVoices {
    private static let endings = [".wav", ".mp3", ".flac", ".ogg", ".opus"]

    /// What stands in its lists for a voice here.
    static func file(of voice: Voice) -> String { voice.id + ".wav" }

    /// The name of the voice that a file name means.
    static func name(of file: String) -> String {
        let lowered = file.lowercased()
        guard let ending = endings.first(where: { lowered.hasSuffix($0) }), file.count > ending.count else {
            return file
        }
        return String(file.dropLast(ending.count))
    }

    /// The members that its own list has, for people and for programs.
    static func json(of voice: Voice) -> JSONValue {
        .object(["display_name": .string(voice.name), "filename": .string(file(of: voice))])
    }
}
