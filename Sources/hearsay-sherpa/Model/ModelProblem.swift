/// Why a folder does not hold a model that can speak.
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
    /// The text has to be turned into sounds first, and there is nobody to do it.
    case needsPhonemes

    package var description: String {
        switch self {
        case .unreadableFolder: "its folder cannot be read"
        case .noVoice(let types):
            types.isEmpty
                ? "it holds no speech model"
                : "it holds no speech model, but \(types.joined(separator: ", "))"
        case .missingFile(let file, let family): "\(file) of the \(family) model is missing"
        case .brokenFile(let file): "\(file) is damaged"
        case .refused: "sherpa-onnx does not accept its files"
        case .silent: "it makes no sound"
        case .needsPhonemes: "it needs hearsay-espeak, which turns text into sounds for it"
        }
    }
}
