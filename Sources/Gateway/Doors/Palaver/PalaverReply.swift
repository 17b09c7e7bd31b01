import Hearing
import JSON
import Wire

/// What the door itself says on its WebSockets.
enum PalaverReply {
    /// What is wrong with a message, to its sender alone.
    static func error(_ error: ErrorReply, at place: PalaverPlace) -> [UInt8] {
        JSONText.bytes(JSONValue.object(error.advising(at: place).fields.merging(["type": "error"]) { $1 }))
    }

    /// What a microphone is asked to do; Palaver's own pass over what they do not know.
    static func control(_ control: SourceControl, of source: String?) -> [UInt8] {
        let state: JSONValue =
            switch control {
            case .pause: "pause"
            case .resume: "resume"
            case .slowDown: "slow_down"
            case .stop: "stop"
            }
        var members: JSONObject = ["type": "audio_control", "state": state]
        members["source_id"] = source.map(JSONValue.string)
        return JSONText.bytes(JSONValue.object(members))
    }

    /// What the later version answers.
    static let success = JSONText.bytes(JSONValue.object(["code": "success"]))
}
