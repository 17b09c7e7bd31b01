internal import Sherpa

/// What lies in a model's folder.
package enum ModelContents: Hashable, Sendable {
    case voice(ModelFolder)
    case recogniser(RecogniserFolder)

    /// Finds out what a folder holds.
    ///
    /// - Parameter wanted: What it must be; nil for anything.
    package init(path: String, wanted: ModelPurpose?) throws(ModelProblem) {
        let found = try Self.find(try ModelListing(path: path))
        if let wanted, wanted != found.purpose { throw .wrongPurpose(found: found.shown, wanted: wanted) }
        self = found
    }

    private static func find(_ listing: ModelListing) throws(ModelProblem) -> ModelContents {
        if ModelFolder.isVoice(listing) { return .voice(try ModelFolder(listing)) }
        if let recogniser = try RecogniserFolder(listing) { return .recogniser(recogniser) }
        return .voice(try ModelFolder(listing))
    }

    package var purpose: ModelPurpose {
        switch self {
        case .voice: .voice
        case .recogniser: .recogniser
        }
    }

    private var shown: String {
        switch self {
        case .voice(let folder): "a voice (\(folder.files.family.rawValue))"
        case .recogniser(let folder): "a recogniser (\(folder.files.family.rawValue))"
        }
    }
}
