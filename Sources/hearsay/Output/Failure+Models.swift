import Models
import Net

extension Failure {
    /// What went wrong with a model, and what to do about it.
    init(_ error: ModelError) {
        self.init(
            exitCode: Self.exitCode(error), code: error.code, message: error.description, advice: Self.advice(error))
    }

    private static func exitCode(_ error: ModelError) -> ExitCode {
        switch error {
        case .badCatalogue, .unknownModel, .badName, .badURL: .usage
        case .unreachable(_, .certificate): .certificateRefused
        case .unreachable(_, .cancelled): .aborted
        case .unreachable, .refused, .tooManyRedirects, .cut: .unreachable
        case .badModel, .damaged: .engineFailed
        default: .refused
        }
    }

    private static func advice(_ error: ModelError) -> [String] {
        switch error {
        case .unknownModel: ["`hearsay models list` shows what there is; any other needs its URL."]
        case .badName: ["Give it one with --name: up to 40 letters, digits, dots, dashes and underscores."]
        case .needsConsent: ["Read it, and agree with --accept-licence."]
        case .notPinned:
            [
                "Give it with --sha256, or take what comes with --trust-on-first-use:",
                "the hash is then written down, and `hearsay models verify` compares with it.",
            ]
        case .insecure: ["Use https, or give the file's SHA-256 with --sha256."]
        case .cut: ["The next `pull` goes on from there."]
        case .alreadyInstalled(let id): ["`hearsay models remove \(id)` makes room for another."]
        case .damaged: ["Remove the model and fetch it again."]
        case .badModel(let reason) where reason.contains("sherpa-onnx cannot be opened"):
            ["Fetch the library: `make sherpa` in the source folder, then `make install` if it is installed."]
        default: []
        }
    }
}
