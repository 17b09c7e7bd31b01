import Flow

/// Shows sentences as notifications of the desktop, by `notify-send`.
///
/// A desktop that does not answer must not hold up the sound, so they wait in a short line of their own; what does not
/// fit there is not shown.
final class DesktopNotifier: Service {
    private static let lineLimit = 8
    /// Desktops cut longer ones themselves.
    private static let textLimit = 300
    /// What the shell says of a program that it does not find (POSIX, “Shell Command Language”, 2.8.2).
    private static let isMissing: Int32 = 127

    private let texts = Channel<String>(capacity: DesktopNotifier.lineLimit)
    private let output: Output

    init(output: Output) {
        self.output = output
    }

    /// Puts a sentence into the line.
    func show(_ text: String) {
        _ = texts.offer(text)
    }

    /// Shows one after the other until cancelled.
    func run() async throws {
        var hasComplained = false
        while !Task.isCancelled, let text = await texts.next() {
            let status = await Self.send(text)
            guard status != 0, !hasComplained else { continue }
            hasComplained = true
            let advice = status == Self.isMissing ? "install libnotify-bin" : "is a desktop running?"
            output.note("hearsay: no notification could be shown (notify-send: \(status)); \(advice)")
        }
        // Its runner takes a service that returns for one that failed.
        await Latch().wait()
    }

    private static func send(_ text: String) async -> Int32 {
        let command = ShellCommand(
            "exec notify-send --app-name=Hearsay --category=im.received -- Hearsay \"$HEARSAY_TEXT\"",
            variables: ["HEARSAY_TEXT": body(text)])
        return await command.run(input: [])
    }

    /// Desktops read a body as markup (Desktop Notifications Specification, “Markup”).
    static func body(_ text: String) -> String {
        text.prefix(textLimit).map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            default: String(character)
            }
        }.joined()
    }
}
