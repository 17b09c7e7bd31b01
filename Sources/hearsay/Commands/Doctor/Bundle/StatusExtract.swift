import JSON

/// Those parts of `/status` that name no person and repeat no text.
enum StatusExtract {
    /// Kept by name, at any depth; everything else is left out, so that a new member is not passed on unseen.
    private static let kept: Set<String> = [
        "status", "version", "started_at", "uptime_ms", "engines", "engine", "state", "reason", "listeners", "kind",
        "output", "ready", "reports_playback", "start_latency_ms", "round_trip_ms", "speaker", "jobs", "waiting",
        "speaking", "ended", "device",
    ]

    static func of(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members): .object(members.filter { kept.contains($0.key) }.mapValues(of))
        case .array(let elements): .array(elements.map(of))
        default: value
        }
    }
}
