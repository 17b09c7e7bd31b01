import Flow
import JSON
import Wire

/// What PAI's own files say of its voices: `voices.json`, and `daidentity.voices` of `settings.json`.
package struct PAISettings: Hashable, Sendable {
    /// One voice, under the name that PAI gives it.
    struct Entry: Hashable, Sendable {
        let key: String
        /// An id of ElevenLabs; may also name a voice here.
        let id: String
        let name: String?
        let speed: Double
        let volume: Double
    }

    /// Those of `settings.json` first.
    private var entries: [Entry] = []

    /// No files.
    package init() {}

    /// - Parameters:
    ///   - settings: The contents of `settings.json`; nil without one.
    ///   - voices: The contents of `voices.json`; nil without one.
    /// - Throws: The name of the file that is no JSON object.
    package init(settings: [UInt8]?, voices voicesFile: [UInt8]?) throws(PAIFileProblem) {
        let identity = try Self.members(of: settings, "settings.json")["daidentity"]?.members ?? [:]
        var voices = identity["voices"]?.members ?? [:]
        if voices["main"] == nil, let id = Self.text(identity, "mainDAVoiceID") ?? Self.text(identity, "voiceId") {
            // Older files have one voice and its settings, and no table.
            voices["main"] = .object((identity["voice"]?.members ?? [:]).merging(["voiceId": .string(id)]) { $1 })
        }
        entries = Self.entries(voices, volume: 1)
        let file = try Self.members(of: voicesFile, "voices.json")
        let volume = file["default_volume"]?.number ?? 1
        entries += Self.entries(file["voices"]?.members ?? [:], volume: volume)
    }

    /// The names of the voices, in alphabetical order.
    var names: [String] { Set(entries.map(\.key)).sorted() }

    /// The voice of notifications that name none.
    var main: Entry? {
        entries.first { $0.key == "main" } ?? entries.first { $0.key == "default" }
    }

    /// The voice that a request means, by its id or by either of its names; letters of names may be of either case.
    func entry(for name: String) -> Entry? {
        let lowered = name.lowercased()
        return entries.first { $0.id == name }
            ?? entries.first { $0.key.lowercased() == lowered || $0.name?.lowercased() == lowered }
    }

    private static func members(of bytes: [UInt8]?, _ file: String) throws(PAIFileProblem) -> JSONObject {
        guard let bytes else { return [:] }
        guard let value = try? JSONText.value(JSONValue.self, of: bytes), let members = value.members else {
            throw PAIFileProblem(file: file)
        }
        return members
    }

    private static func entries(_ voices: JSONObject, volume: Double) -> [Entry] {
        voices.sorted { $0.key < $1.key }.compactMap { key, value in
            guard let members = value.members, let id = text(members, "voiceId") else { return nil }
            let speed = members["speed"]?.number ?? members["rate_multiplier"]?.number ?? 1
            return Entry(
                key: key, id: id, name: text(members, "voiceName"), speed: min(max(speed, 0.25), 4),
                volume: min(max(members["volume"]?.number ?? volume, 0), 2))
        }
    }

    /// Reads a member in any of the three spellings that PAI's files have: `voiceId`, `voice_id`, `VOICE_ID`.
    private static func text(_ members: JSONObject, _ name: String) -> String? {
        let plain = name.lowercased()
        let found = members.first { $0.key.filter { $0 != "_" }.lowercased() == plain }
        return found?.value.text.flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// One of PAI's files is no JSON object.
package struct PAIFileProblem: Error, Hashable, Sendable {
    /// Its name, such as `voices.json`.
    package let file: String
}

/// Where PAI's settings lie; new ones hold for the next notification.
package final class PAIShelf: Sendable {
    private let contents = Monitor((settings: PAISettings(), ruleCount: 0))

    package init() {}

    var settings: PAISettings { contents.withLock { $0.settings } }
    /// How many pronunciations there are.
    var ruleCount: Int { contents.withLock { $0.ruleCount } }

    /// Puts other settings in the place of those there are.
    package func replace(with settings: PAISettings) { contents.withLock { $0.settings = settings } }

    /// Takes note of the size of the dictionary.
    package func note(ruleCount: Int) { contents.withLock { $0.ruleCount = ruleCount } }
}
