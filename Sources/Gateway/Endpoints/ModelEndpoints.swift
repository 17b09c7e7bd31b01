import JSON
import Net
import VoiceCore
import Wire

/// Fetches neural voices of the built-in list while the server runs; none where it cannot.
struct ModelEndpoints: Sendable {
    let parts: GatewayParts

    var routes: [Route] { [.guarded("POST", "/v1/models/pull", anyOf: .admin, pull)] }

    private func pull(_ call: Call) throws(ErrorReply) -> HTTPReply {
        let wanted = try call.read { bytes throws(WireError) in try ModelPullRequest(bytes) }
        guard let puller = parts.models else { throw ErrorReply(.notSupported, "this server fetches no models") }
        do throws(ModelRefusal) {
            try puller.pull(wanted.model, acceptsLicence: wanted.acceptsLicence)
        } catch {
            throw ErrorReply(error)
        }
        return .now(
            .object(["model_id": .string(wanted.model), "state": .string(ModelState.fetching.word)], status: 202))
    }
}

extension ErrorReply {
    /// Why a model is not fetched.
    fileprivate init(_ refusal: ModelRefusal) {
        switch refusal {
        case .unknownModel(let id): self.init(.unknownModel, "no model is called \(id)", field: "model_id")
        case .alreadyInstalled(let id): self.init(.alreadyInstalled, "\(id) is installed", field: "model_id")
        case .needsConsent(let licence):
            self.init(.consentNeeded, "the model's licence is \(licence)", field: "accept_licence")
        case .notPinned(let id):
            self.init(.notSupported, "nobody has told the SHA-256 of \(id); `hearsay models pull` can trust it")
        case .busy: self.init(.tooManyRequests, "another model is being fetched")
        }
    }
}
