import JSON
import Secrets
import VoiceCore
import Wire

extension WireSpeak {
    /// The request with its key, and a digest of all that it says, by which a repetition is known.
    func keyedRequest(defaultSession: SessionID) -> SpeakRequest {
        var request = request(defaultSession: defaultSession)
        guard let name = idempotencyKey else { return request }
        var members = fields
        if request.isGrowing { members["growing"] = true }
        members["session_id"] = .string(request.session.rawValue)
        request.key = RequestKey(name: name, digest: SHA256.digest(JSONText.bytes(JSONValue.object(members))))
        return request
    }
}
