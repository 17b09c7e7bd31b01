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

    private struct Notice: Sendable {
        let title: String
        let text: String
    }

    private let notices = Channel<Notice>(capacity: DesktopNotifier.lineLimit)
    private let complain: @Sendable (String) -> Void

    /// - Parameter complain: Told once why none can be shown.
    init(complain: @escaping @Sendable (String) -> Void) {
        self.complain = complain
    }

    /// Puts a sentence into the line.
    ///
    /// - Returns: False where there was no room.
    @discardableResult
    func show(_ text: String, title: String = "Hearsay") -> Bool {
        notices.offer(Notice(title: title, text: text))
    }

    /// Puts a text with a title into the line, for those who know nothing else of desktops.
    var display: @Sendable (_ title: String, _ text: String) -> Bool {
        { [self] title, text in show(text, title: title) }
    }

    /// Shows one after the other until cancelled.
    func run() async throws {
        var hasComplained = false
        while !Task.isCancelled, let notice = await notices.next() {
            let status = await Self.send(notice)
            guard status != 0, !hasComplained else { continue }
            hasComplained = true
            let advice = status == Self.isMissing ? "install libnotify-bin" : "is a desktop running?"
            complain("no notification could be shown (notify-send: \(status)); \(advice)")
        }
        // Its runner takes a service that returns for one that failed.
        await Latch().wait()
    }

    private static func send(_ notice: Notice) async -> Int32 {
        let command = ShellCommand(
            "exec notify-send --app-name=Hearsay --category=im.received -- \"$HEARSAY_TITLE\" \"$HEARSAY_TEXT\"",
            variables: ["HEARSAY_TITLE": notice.title, "HEARSAY_TEXT": body(notice.text)])
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
