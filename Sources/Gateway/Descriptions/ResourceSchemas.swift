import JSON
import VoiceCore
import Wire

/// The schemas of what answers hold; members may be added to them at any time, so others are allowed.
enum ResourceSchemas {
    static let all: JSONObject = [
        "Error": object(["error": object(error, required: ["code", "message"])], required: ["error"]),
        "Job": object(job, required: ["job_id", "status", "listeners"]),
        "Aborted": object(["aborted": list(of: JSONSchema.text)], required: ["aborted"]),
        "Session": object(
            session, required: ["session_id", "local", "store", "created_at", "connections", "jobs", "sources"]),
        "Queue": object(queue, required: ["policy", "depth", "paused", "held"]),
        "Voice": object(voice, required: ["id", "engine", "name", "language", "sample_rate", "installed"]),
        "Voices": object(
            ["default": JSONSchema.text, "voices": list(of: JSONSchema.reference("Voice"))],
            required: ["default", "voices"]),
        "Engine": object(engine, required: ["engine", "state"]),
        "Engines": object(["engines": list(of: JSONSchema.reference("Engine"))], required: ["engines"]),
    ]

    private static let number: JSONValue = .object(["type": "number"])
    private static let count: JSONValue = .object(["type": "integer", "minimum": 0])
    private static let time: JSONValue = .object(["type": "string", "format": "date-time"])

    private static func list(of item: JSONValue) -> JSONValue { .object(["type": "array", "items": item]) }

    private static func object(_ properties: JSONObject, required: [String]) -> JSONValue {
        .object([
            "type": "object", "properties": .object(properties), "required": .array(required.map(JSONValue.string)),
        ])
    }

    private static let error: JSONObject = [
        "code": JSONSchema.word(ErrorCode.allCases.map(\.rawValue)), "message": JSONSchema.text,
        "field": JSONSchema.text, "limit": JSONSchema.text, "retry_after_ms": count,
    ]

    private static let job: JSONObject = [
        "job_id": JSONSchema.text, "session_id": JSONSchema.text,
        "status": JSONSchema.word(["queued", "held", "speaking", "finished", "aborted", "failed"]),
        "position": count, "estimated_wait_ms": number, "listeners": list(of: JSONSchema.text),
        "text_preview": JSONSchema.text, "voice": JSONSchema.text, "accepted_at": time, "start_delay_ms": number,
        "heard": JSONSchema.word(["confirmed", "assumed", "none"]), "duration_ms": number,
        "reason": JSONSchema.text, "code": JSONSchema.text, "message": JSONSchema.text,
        "delivered_text": JSONSchema.text, "unspoken_text": JSONSchema.text, "position_ms": number,
        "spoken_percent": number, "estimated": JSONSchema.flag,
    ]

    private static let session: JSONObject = [
        "session_id": JSONSchema.text, "name": JSONSchema.text, "voice": JSONSchema.text, "local": JSONSchema.flag,
        "store": JSONSchema.flag, "created_at": time, "connections": count, "jobs": count, "sources": count,
    ]

    private static let queue: JSONObject = [
        "policy": JSONSchema.word(TurnPolicy.allCases.map(\.rawValue)), "depth": count, "paused": JSONSchema.flag,
        "held": JSONSchema.flag, "for_ms": number, "brakes": list(of: JSONSchema.anything),
        "outputs": list(of: JSONSchema.anything),
    ]

    private static let voice: JSONObject = [
        "id": JSONSchema.text, "engine": JSONSchema.text, "name": JSONSchema.text, "language": JSONSchema.text,
        "gender": JSONSchema.text, "sample_rate": count, "installed": JSONSchema.flag, "reason": JSONSchema.text,
        "licence": JSONSchema.text, "description": JSONSchema.text,
    ]

    private static let engine: JSONObject = [
        "engine": JSONSchema.text, "kind": JSONSchema.word(EngineKind.allCases.map(\.rawValue)),
        "state": JSONSchema.word(["starting", "ready", "failed", "unloaded"]), "installed": JSONSchema.flag,
        "usual": JSONSchema.flag, "about": JSONSchema.text, "languages": list(of: JSONSchema.text),
        "reason": JSONSchema.text, "remote": JSONSchema.flag, "usual_start_ms": number, "memory_bytes": count,
    ]
}
