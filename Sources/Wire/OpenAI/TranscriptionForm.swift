/// What a client of OpenAI's asks for a recording.
package struct TranscriptionForm: Sendable {
    /// How the text is answered.
    package enum Format: String, CaseIterable, Sendable {
        case json, text, srt, vtt
        case verboseJSON = "verbose_json"
    }

    package var file: ArraySlice<UInt8>
    package var model: String
    /// BCP 47 or a bare code of a language.
    package var language: String?
    package var format: Format
    package var wantsWords: Bool
    /// Whether segments are wanted beside the words.
    package var wantsSegments: Bool
    package var isStreamed: Bool

    /// - Throws: What is wrong, with the field's name. Members that only steer a model are passed over.
    package init(_ form: MultipartForm) throws(WireError) {
        guard let file = form.parts.first(where: { $0.name == "file" }) else { throw .missingField("file") }
        self.file = file.content
        guard let model = try form.text("model") else { throw .missingField("model") }
        self.model = model
        let language = try form.text("language")
        self.language = language?.isEmpty == false ? language : nil
        let format = try form.text("response_format") ?? "json"
        if format == "diarized_json" { throw .notSupported("response_format") }
        guard let known = Format(rawValue: format) else {
            throw .outOfRange(field: "response_format", allowed: "json, text, srt, verbose_json or vtt")
        }
        self.format = known
        let grains = try form.texts("timestamp_granularities[]") + form.texts("timestamp_granularities")
        for grain in grains where grain != "word" && grain != "segment" {
            throw .outOfRange(field: "timestamp_granularities", allowed: "word and segment")
        }
        wantsWords = grains.contains("word")
        wantsSegments = grains.isEmpty || grains.contains("segment")
        switch try form.text("stream") ?? "false" {
        case "true", "True", "1": isStreamed = true
        case "false", "False", "0", "": isStreamed = false
        default: throw .wrongType(field: "stream", wanted: "true or false")
        }
        // Events hold text: times would be lost without a word.
        guard !isStreamed || known == .json || known == .text else {
            throw .outOfRange(field: "response_format", allowed: "json or text with stream=true")
        }
    }
}
