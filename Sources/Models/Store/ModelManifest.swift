package import JSON
package import VoiceCore
private import Wire

/// What is written beside a model when it is installed.
package struct ModelManifest: Hashable, Sendable {
    /// One file of the model.
    package struct File: Hashable, Sendable {
        /// Below the model's folder.
        package var path: String
        package var byteCount: Int
        package var sha256: String

        package init(path: String, byteCount: Int, sha256: String) {
            self.path = path
            self.byteCount = byteCount
            self.sha256 = sha256
        }
    }

    package var id: String
    package var kind: EngineKind
    /// The URL or the path it came from.
    package var source: String
    /// Of the file behind the URL; nil for a folder.
    package var sha256: String?
    package var licence: String
    /// BCP 47, from the catalogue or the caller.
    package var languages: [String]
    package var files: [File]
    /// What its worker told when it was tried; empty for what is no voice.
    package var voices: [Voice]
    /// What a recogniser told then that it can do beside writing down what was said, such as `translation`.
    package var readings: [String]
    /// How it works, for people: `A neural recogniser (Whisper)`; nil for voices, which say it themselves.
    package var about: String?
    /// How long its worker took to load it then.
    package var loadTime: Duration

    /// The file's name in the model's folder.
    package static let fileName = "hearsay-model.json"

    /// How much all files hold.
    package var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }

    package var json: JSONValue {
        var fields: [String: JSONValue] = [
            "id": .string(id), "kind": .string(kind.rawValue), "source": .string(source), "licence": .string(licence),
            "languages": .array(languages.map(JSONValue.string)), "load_ms": .milliseconds(loadTime),
        ]
        fields["sha256"] = sha256.map(JSONValue.string)
        fields["about"] = about.map(JSONValue.string)
        if !readings.isEmpty { fields["readings"] = .array(readings.map(JSONValue.string)) }
        fields["files"] = .array(
            files.map {
                .object(["path": .string($0.path), "bytes": .integer($0.byteCount), "sha256": .string($0.sha256)])
            })
        fields["voices"] = .array(voices.map { WireVoice($0).json })
        return .object(fields)
    }

    /// - Returns: Nil for bytes that are no manifest.
    package init?(_ bytes: [UInt8]) {
        guard let value: JSONValue = try? JSONText.value(of: bytes), let id = value["id"]?.text,
            ModelEntry.isName(id), let kind = EngineKind(rawValue: value["kind"]?.text ?? ""),
            let source = value["source"]?.text, let licence = value["licence"]?.text,
            let files = value["files"]?.elements?.compactMap(File.init), !files.isEmpty
        else { return nil }
        self.init(
            id: id, kind: kind, source: source, sha256: value["sha256"]?.text, licence: licence,
            languages: value["languages"]?.elements?.compactMap(\.text) ?? [], files: files,
            voices: value["voices"]?.elements?.compactMap { Voice($0, engine: id, licence: licence) } ?? [],
            readings: value["readings"]?.elements?.compactMap(\.text) ?? [], about: value["about"]?.text,
            loadTime: .milliseconds(value["load_ms"]?.whole ?? 0))
    }

    package init(
        id: String, kind: EngineKind, source: String, sha256: String?, licence: String, languages: [String],
        files: [File], voices: [Voice], readings: [String] = [], about: String? = nil, loadTime: Duration
    ) {
        self.readings = readings
        self.about = about
        self.id = id
        self.kind = kind
        self.source = source
        self.sha256 = sha256
        self.licence = licence
        self.languages = languages
        self.files = files
        self.voices = voices
        self.loadTime = loadTime
    }
}

extension ModelManifest.File {
    fileprivate init?(_ value: JSONValue) {
        guard let path = value["path"]?.text, let byteCount = value["bytes"]?.whole, let hash = value["sha256"]?.text
        else { return nil }
        self.init(path: path, byteCount: byteCount, sha256: hash)
    }
}

extension Voice {
    /// Reads what a worker says of a voice, or what a manifest keeps of it.
    package init?(_ value: JSONValue, engine: String, licence: String) {
        guard let name = value["name"]?.text else { return nil }
        let language = value["language"]?.text ?? value["languages"]?.elements?.first?.text
        self.init(
            id: name, engine: engine, name: name, language: language ?? "und",
            gender: value["gender"]?.text.flatMap(Gender.init(rawValue:)),
            sampleRate: value["sample_rate"]?.whole ?? 22_050, licence: licence,
            description: value["description"]?.text)
    }
}
