/// Why a folder does not hold a model that can be used.
package enum ModelProblem: Error, Hashable, CustomStringConvertible {
    case unreadableFolder
    /// No file is a model of a known family; the types that were found.
    case noVoice(types: [String])
    /// The family is known, and a file of it is missing.
    case missingFile(String, family: String)
    case brokenFile(String)
    /// The library refused it without ending the process.
    case refused
    case silent
    /// A denoiser works at another rate than speech is heard at, in hertz.
    case wrongRate(String)
    /// It can do something else than it was taken for; what, with its article.
    case wrongPurpose(found: String, wanted: ModelPurpose)
    /// The text has to be turned into sounds first, and there is nobody to do it.
    case needsPhonemes

    package var description: String {
        switch self {
        case .unreadableFolder: "its folder cannot be read"
        case .noVoice(let types):
            types.isEmpty
                ? "it holds no model that is known"
                : "it holds no model that is known, but \(types.joined(separator: ", "))"
        case .missingFile(let file, let family): "\(file) of the \(family) model is missing"
        case .brokenFile(let file): "\(file) is damaged"
        case .refused: "sherpa-onnx does not accept its files"
        case .wrongRate(let rate): "it works at \(rate) Hz, and speech is heard at 16000 Hz"
        case .silent: "it makes no sound"
        case .wrongPurpose(let found, let wanted): "it is \(found), not \(wanted.shown)"
        case .needsPhonemes: "it needs hearsay-espeak, which turns text into sounds for it"
        }
    }
}
