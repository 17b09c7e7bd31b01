import Flow

/// Writes Prometheus' text format, version 0.0.4.
struct MetricsText {
    enum Kind: String {
        case counter, gauge, histogram
    }

    struct Sample {
        var labels: [(name: String, value: String)] = []
        var value: String

        init(_ value: Int, _ labels: (name: String, value: String)...) {
            self.value = String(value)
            self.labels = labels
        }

        init(_ value: Double, _ labels: (name: String, value: String)...) {
            self.value = String(value)
            self.labels = labels
        }
    }

    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    /// Adds a family with all its samples.
    ///
    /// - Parameter help: One line.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        open(name, kind, help)
        for sample in samples { write(name, sample) }
    }

    /// Adds a number that has no labels.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
        add(name, kind, help, [Sample(value)])
    }

    /// Adds a histogram of durations, in seconds.
    mutating func add(_ name: String, _ help: String, _ histogram: Histogram) {
        open(name, .histogram, help)
        let snapshot = histogram.snapshot
        for (bound, count) in snapshot.classes {
            write(name + "_bucket", Sample(count, ("le", String(bound / .seconds(1)))))
        }
        write(name + "_bucket", Sample(snapshot.count, ("le", "+Inf")))
        write(name + "_sum", Sample(snapshot.sum / .seconds(1)))
        write(name + "_count", Sample(snapshot.count))
    }

    private mutating func open(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    private mutating func write(_ name: String, _ sample: Sample) {
        let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        text += labels.isEmpty ? "\(name) \(sample.value)\n" : "\(name){\(labels)} \(sample.value)\n"
    }

    private static func escaped(_ value: String) -> String {
        guard value.contains(where: { "\\\"\n".contains($0) }) else { return value }
        return value.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }
}
