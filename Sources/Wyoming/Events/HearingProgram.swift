import JSON

/// A program that turns speech into text.
package struct HearingProgram: Hashable, Sendable {
    package var artifact: Artifact
    package var models: [HearingModel]
    /// Our own addition: the readings it has beside those while audio comes, such as `second`, `orders`, `partials`,
    /// `translation`.
    package var readings: [String]

    package init(artifact: Artifact, models: [HearingModel], readings: [String] = []) {
        self.artifact = artifact
        self.models = models
        self.readings = readings
    }

    init?(_ data: JSONObject) {
        guard let artifact = Artifact(data) else { return nil }
        self.init(
            artifact: artifact,
            models: data["models"]?.elements?.compactMap { $0.members.flatMap(HearingModel.init) } ?? [],
            readings: data["readings"]?.elements?.compactMap(\.text) ?? [])
    }

    var data: JSONObject {
        var data = artifact.data
        data["models"] = .array(models.map { .object($0.data) })
        data["supports_transcript_streaming"] = .bool(false)
        data["requires_external_vad"] = .bool(true)
        if !readings.isEmpty { data["readings"] = .array(readings.map(JSONValue.string)) }
        return data
    }
}

/// A model of a program that hears.
package struct HearingModel: Hashable, Sendable {
    package var artifact: Artifact
    /// BCP 47 or the underscore form that some servers use.
    package var languages: [String]

    package init(artifact: Artifact, languages: [String]) {
        self.artifact = artifact
        self.languages = languages
    }

    init?(_ data: JSONObject) {
        guard let artifact = Artifact(data) else { return nil }
        self.init(artifact: artifact, languages: data["languages"]?.elements?.compactMap(\.text) ?? [])
    }

    var data: JSONObject {
        var data = artifact.data
        data["languages"] = .array(languages.map(JSONValue.string))
        return data
    }
}
