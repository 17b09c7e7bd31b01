/// How much a log line matters.
package enum LogLevel: String, CaseIterable, Comparable, Sendable {
    case debug, info, warning, error

    package static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }
}

/// Writes structured lines for one part of the program: an event name in the past, and fields.
package struct Log: Sendable {
    /// Names and values, in the order in which they are shown.
    package typealias Fields = KeyValuePairs<String, any LogValue>

    private let label: String
    private let sink: LogSink
    private let limitKey: String?

    /// - Parameter label: The part of the program, such as `net` or `engine.flite`.
    package init(label: String, sink: LogSink = .standardError) {
        self.init(label: label, sink: sink, limitKey: nil)
    }

    private init(label: String, sink: LogSink, limitKey: String?) {
        self.label = label
        self.sink = sink
        self.limitKey = limitKey
    }

    /// The same log for another part.
    package func labelled(_ label: String) -> Log {
        Log(label: label, sink: sink, limitKey: limitKey)
    }

    /// The same log, but at most 10 lines a minute for `key` (a peer's address, say); what is left out is counted.
    package func limited(_ key: String) -> Log {
        Log(label: label, sink: sink, limitKey: key)
    }

    /// What helps to find a fault.
    package func debug(_ event: String, _ fields: Fields = [:]) { write(.debug, event, fields) }
    /// What an operator wants to know.
    package func info(_ event: String, _ fields: Fields = [:]) { write(.info, event, fields) }
    /// What went wrong and was mended or refused.
    package func warning(_ event: String, _ fields: Fields = [:]) { write(.warning, event, fields) }
    /// What went wrong and stays so.
    package func error(_ event: String, _ fields: Fields = [:]) { write(.error, event, fields) }

    private func write(_ level: LogLevel, _ event: String, _ fields: Fields) {
        guard level >= sink.level else { return }
        let line = LogLine(
            level: level, label: label, event: event, fields: fields.map { ($0.key, $0.value.logText) })
        sink.write(line, limitKey: limitKey)
    }
}
