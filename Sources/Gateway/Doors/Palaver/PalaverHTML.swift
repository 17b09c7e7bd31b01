import Flow
import JSON
import Net
import VoiceCore

/// The pieces of which Palaver's pages are made.
enum PalaverHTML {
    /// A piece of a page.
    static func response(_ html: String, fields more: HTTPFields = [:]) -> HTTPResponse {
        var fields = more
        fields.set("Cache-Control", "no-store")
        fields.set("X-Content-Type-Options", "nosniff")
        // As a page of its own it may do nothing.
        fields.set("Content-Security-Policy", "default-src 'none'")
        var response = HTTPResponse.text(html, fields: fields)
        response.fields.set("Content-Type", "text/html; charset=utf-8")
        return response
    }

    /// The button that pauses or goes on, with the attributes by which htmx knows what it does.
    static func button(_ state: PalaverRecording) -> String {
        let (path, word) = state.isRecording ? ("pause", "Pause Recording") : ("resume", "Resume Recording")
        let disabled = state.isStreaming ? "" : " disabled"
        let target = "hx-post=\"/ui/recording/\(path)\" hx-swap=\"outerHTML\" hx-target=\"this\""
        return "<button type=\"button\" class=\"plain\" \(target)\(disabled)>"
            + "\(state.isStreaming ? word : "No microphone")</button>\n"
    }

    /// What `/status` tells, for people.
    static func status(_ status: JSONObject, at now: WallTime) -> String {
        func text(_ name: String) -> String { status[name]?.text.map(escaped) ?? "none" }
        func flag(_ name: String, _ yes: String, _ no: String) -> String { status[name]?.flag == true ? yes : no }
        var facts = [
            ("Server Status", text("status")), ("Pipeline Active", flag("pipeline_active", "Yes", "No")),
            ("Event Clients", String(status["event_clients"]?.whole ?? 0)),
            ("Rescanner Available", flag("rescanner_available", "Available", "Unavailable")),
        ]
        if let ping = status["last_rescanner_ping"]?.number {
            facts.append(("Last Rescanner Ping", ago(max(0, now.palaverSeconds - ping))))
        }
        facts += [("HTTP", text("url")), ("WebSocket", text("ws_url"))]
        if status["rescanner_url"]?.text != nil { facts.append(("Rescanner", text("rescanner_url"))) }
        return "<dl class=\"facts\">\n" + facts.map { "<dt>\($0)</dt><dd>\($1)</dd>\n" }.joined() + "</dl>\n"
    }

    /// One event of the feed; nil for one that is not shown there.
    static func item(_ event: Event) -> String? {
        let (name, details): (String, String?)
        switch event.body {
        case .speechStarted: (name, details) = ("Speech Start", nil)
        case .speechStopped: (name, details) = ("Speech Stop", nil)
        case .transcriptFinal(let said): (name, details) = ("Text", said.transcript.text)
        case .commandMatched(let command): (name, details) = ("Command", "\(command.name): \(command.matchedText)")
        case .draftStarted(let draft): (name, details) = ("Draft Start", "Start: \(draft.startText)")
        case .draftEnded(let draft): (name, details) = ("Draft End", "Text: \(draft.text)")
        case .draftRevised(let draft): (name, details) = ("Draft Rescan", "Text: \(draft.text)")
        default: return nil
        }
        let kind = name.lowercased().split(separator: " ").joined(separator: "-")
        let time = event.at.iso8601
        let text = details.map { "<p>\(escaped($0))</p>" } ?? ""
        return "<div class=\"event\" data-event-type=\"\(kind)\"><span class=\"name\">\(name)</span>"
            + "<time datetime=\"\(time)\">\(time.dropFirst(11).prefix(8))</time>\(text)</div>\n"
    }

    /// A text that is nothing but text in HTML, between tags or in an attribute (HTML, section 13.1.4).
    static func escaped(_ text: String) -> String {
        var html = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            default: html.unicodeScalars.append(character)
            }
        }
        return html
    }

    private static func ago(_ seconds: Double) -> String {
        switch seconds {
        case ..<60: "\(Int(seconds))s ago"
        case ..<3_600: "\(Int(seconds / 60))m ago"
        case ..<86_400: "\(Int(seconds / 3_600))h ago"
        default: "\(Int(min(seconds, 1e12) / 86_400))d ago"
        }
    }
}
