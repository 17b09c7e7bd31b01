private import CSystem
private import Glibc

/// Where log lines go, and which of them.
package final class LogSink: Sendable {
    /// Writes to standard error: logfmt on a terminal, JSON otherwise; `HEARSAY_LOG` sets the level (default info).
    package static let standardError = LogSink(
        level: environmentLevel(), style: isatty(2) == 1 ? .logfmt : .json, write: writeToStandardError)

    /// How many lines a key may write in a minute.
    private static let linesPerMinute = 10
    /// How many keys are watched at once; beyond that all further keys share one.
    private static let keyLimit = 1_024

    package let level: LogLevel
    private let style: LogLine.Style
    private let output: @Sendable (String) -> Void
    private let budgets = Monitor<[String: Budget]>([:])

    private struct Budget: Sendable {
        var minute: Int
        var count: Int
    }

    package init(level: LogLevel, style: LogLine.Style, write: @escaping @Sendable (String) -> Void) {
        self.level = level
        self.style = style
        output = write
    }

    /// Writes a line, unless its key has written enough in this minute.
    package func write(_ line: LogLine, limitKey: String?) {
        let now = WallTime.now()
        var line = line
        if let limitKey {
            let (isAllowed, leftOut) = spend(limitKey, minute: Int(now.milliseconds / 60_000))
            guard isAllowed else { return }
            if leftOut > 0 { line.fields.append(("left_out", String(leftOut))) }
        }
        output(line.text(style, time: style == .json ? now.iso8601 : now.timeOfDay) + "\n")
    }

    /// - Returns: Whether a line may be written, and how many were left out before it.
    private func spend(_ key: String, minute: Int) -> (isAllowed: Bool, leftOut: Int) {
        budgets.withLock { budgets in
            if budgets.count >= Self.keyLimit { budgets = budgets.filter { $0.value.minute == minute } }
            let key = budgets[key] == nil && budgets.count >= Self.keyLimit ? "" : key
            let old = budgets[key] ?? Budget(minute: minute, count: 0)
            let isNewMinute = old.minute != minute
            let leftOut = isNewMinute ? max(0, old.count - Self.linesPerMinute) : 0
            let count = (isNewMinute ? 0 : old.count) + 1
            budgets[key] = Budget(minute: minute, count: count)
            return (count <= Self.linesPerMinute, leftOut)
        }
    }

    private static func environmentLevel() -> LogLevel {
        guard let text = unsafe getenv("HEARSAY_LOG") else { return .info }
        return LogLevel(rawValue: unsafe String(cString: text)) ?? .info
    }

    private static func writeToStandardError(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            _ = unsafe Glibc.write(2, bytes.baseAddress, bytes.count)
        }
    }
}
