import JSON

/// The doctor's output: findings as lines or as JSON, and on a terminal what one waits for.
struct DoctorPage {
    /// Whether what one waits for is shown.
    var isSlow = false
    private let output: Output
    private let text: FindingText
    private var isWaiting = false

    init(output: Output, environment: Environment) {
        self.output = output
        let isPlain = environment["NO_COLOR"] != nil || environment["TERM"] == "dumb"
        // Beyond 100 columns lines get too long to read.
        text = FindingText(
            columns: output.isTerminal ? min(output.columns, 100) : 80, hasColours: output.isTerminal && !isPlain)
    }

    /// Whether a person looks at it, rather than a file or a program.
    var isForEyesOnly: Bool { output.isTerminal && !output.isJSON }

    mutating func begin(asking url: String) {
        guard !output.isJSON else { return }
        output.line("Hearsay \(Hearsay.version)")
        output.line("")
        isSlow = true
        wait(for: "the server at \(Redactor.withoutUserInfo(url))")
        isSlow = false
    }

    mutating func show(_ findings: [Finding]) {
        clear()
        for finding in findings {
            if output.isJSON {
                output.json(finding.json)
            } else {
                for line in text.lines(finding) { output.line(line) }
            }
        }
    }

    mutating func wait(for name: String) {
        guard isSlow, isForEyesOnly else { return }
        clear()
        output.text("  … \(name)")
        isWaiting = true
    }

    mutating func end(_ diagnosis: Diagnosis) {
        clear()
        guard !output.isJSON else {
            output.json(diagnosis.json)
            return
        }
        output.line("")
        for line in FindingText.wrapped(diagnosis.text, columns: text.columns) { output.line(text.coloured(line, "1")) }
    }

    /// Says where the bundle is, and what to do before passing it on.
    func tell(_ bundle: BundleTarget) {
        if output.isJSON {
            output.json(.object(["type": "bundle", "file": .string(bundle.path)]))
        } else {
            output.line(
                "Written to \(bundle.path); look into it before you pass it on: tar -tvf \(bundle.path.shellWord)")
        }
    }

    private mutating func clear() {
        guard isWaiting else { return }
        output.text("\r\u{1B}[K")
        isWaiting = false
    }
}
