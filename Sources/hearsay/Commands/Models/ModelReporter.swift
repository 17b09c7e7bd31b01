import Flow
import JSON
import Models
import VoiceCore

/// Tells how the installation of a model goes: a line that changes on a terminal, events as JSON, else the result alone.
struct ModelReporter: ModelWitness {
    private let id: String
    private let output: Output
    private let timeline = Timeline.live()
    private let lastShown = Monitor<Duration?>(nil)

    /// Often enough to look alive, seldom enough to read.
    private static let interval = Duration.milliseconds(500)

    init(_ id: String, _ output: Output) {
        self.id = id
        self.output = output
    }

    func progress(_ progress: TransferProgress) {
        let now = timeline.now
        let isComplete = progress.receivedByteCount == progress.totalByteCount
        let isDue = lastShown.withLock { last in
            if let last, now - last < Self.interval, !isComplete { return false }
            last = now
            return true
        }
        guard isDue else { return }
        if output.isJSON {
            event("model.progress", progress.json)
        } else if output.isTerminal {
            output.text("\r\u{1B}[K\(id)  \(progress.text)")
        }
    }

    /// Leaves the line empty.
    func endProgress() {
        if !output.isJSON, output.isTerminal { output.text("\r\u{1B}[K") }
    }

    /// Tells what comes next: `unpacking`, `trying`.
    func step(_ name: String) {
        if output.isJSON {
            event("model.\(name)", [:])
        } else if output.isTerminal {
            output.note("\(id): \(name)")
        }
    }

    func installed(_ manifest: ModelManifest) {
        if output.isJSON {
            event(
                "model.installed",
                [
                    "kind": .string(manifest.kind.rawValue),
                    "bytes": .integer(manifest.byteCount), "licence": .string(manifest.licence),
                    "load_ms": .milliseconds(manifest.loadTime),
                    "sha256": manifest.sha256.map(JSONValue.string) ?? .null,
                    "voices": .array(manifest.voices.map { .string($0.id) }),
                ])
        } else {
            output.line("\(id) is installed\(Self.shown(manifest))")
            output.line("Licence: \(manifest.licence)")
        }
    }

    private static func shown(_ manifest: ModelManifest) -> String {
        let names = manifest.voices.map(\.id)
        guard manifest.kind == .voice else { return manifest.about.map { ": \($0)" } ?? "" }
        let shown = names.prefix(4).joined(separator: ", ") + (names.count > 4 ? ", …" : "")
        return ", with \(names.count == 1 ? "the voice" : "\(names.count) voices:") \(shown)"
    }

    private func event(_ name: String, _ fields: [String: JSONValue]) {
        output.json(.object(["event": .string(name), "model_id": .string(id)].merging(fields) { _, new in new }))
    }
}
