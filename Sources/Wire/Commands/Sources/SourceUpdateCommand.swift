package import VoiceCore
import JSON

/// Other settings for a source that runs; what is not named stays.
package struct SourceUpdateCommand: Hashable, Sendable {
    package var source: SourceID
    package var detection: VoiceDetectionSettings?
    package var recognition: RecognitionSettings?
    /// Whether the audio of its drafts is to be kept.
    package var records: Bool?
    /// Whether noise is to be taken away before anybody listens.
    package var reducesNoise: Bool?

    package init(
        source: SourceID, detection: VoiceDetectionSettings? = nil, recognition: RecognitionSettings? = nil,
        records: Bool? = nil, reducesNoise: Bool? = nil
    ) {
        self.reducesNoise = reducesNoise
        self.source = source
        self.records = records
        self.detection = detection
        self.recognition = recognition
    }

    init(_ fields: inout FieldReader) throws(WireError) {
        source = try fields.need("source_id", fields.id("source_id"))
        records = try fields.flag("record")
        reducesNoise = try fields.flag("noise_reduction")
        detection = try VoiceDetectionSettings(&fields)
        recognition = try RecognitionSettings(&fields)
    }

    var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = ["source_id": .string(source.rawValue)]
        fields["vad"] = detection?.json
        fields["stt"] = recognition?.json
        fields["record"] = records.map(JSONValue.bool)
        fields["noise_reduction"] = reducesNoise.map(JSONValue.bool)
        return fields
    }
}

/// What is to become of a source.
package struct SourceOrderCommand: Hashable, Sendable {
    /// The last part of the command's `type`.
    package enum Order: String, CaseIterable, Hashable, Sendable {
        /// Nothing is heard until `resume`.
        case pause
        case resume
        /// Ends the utterance under way.
        case flush
        /// Reads what was said and ends the source.
        case close
    }

    package var source: SourceID
    package var order: Order

    package init(_ order: Order, _ source: SourceID) {
        self.order = order
        self.source = source
    }

    init(_ order: Order, _ fields: inout FieldReader) throws(WireError) {
        self.init(order, try fields.need("source_id", fields.id("source_id")))
    }

    var fields: [String: JSONValue] { ["source_id": .string(source.rawValue)] }
}
