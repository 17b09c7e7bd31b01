internal import JSON
internal import Sherpa
internal import Wyoming

/// Loads a model, lets it say a word, and tells what it is: the trial of a model before anybody relies on it.
struct Inspection: Sendable {
    /// One JSON object: `info` as a worker gives it and `load_ms`, or `problem`.
    let report: JSONValue
    let isGood: Bool

    init(_ options: SherpaOptions) {
        do {
            let clock = ContinuousClock()
            let begin = clock.now
            let engine = try SherpaEngine(options, library: try SherpaLibrary.open(in: options.library))
            let loadTime = clock.now - begin
            try Self.listen(to: engine)
            report = .object([
                "info": .object(WyomingEvent.info(engine.info).raw.data),
                "load_ms": .integer(Int(loadTime / .milliseconds(1))),
            ])
            isGood = true
        } catch {
            report = .object(["problem": .string("\(error)")])
            isGood = false
        }
    }

    private static func listen(to engine: SherpaEngine) throws {
        var byteCount = 0
        do throws(SpeechRefusal) {
            try engine.speak(SynthesizeRequest(text: "Hello.")) { output in
                if case .pcm(let bytes) = output { byteCount += bytes.count }
                return true
            }
        } catch {
            throw TrialError(text: error.text)
        }
        if byteCount == 0 { throw ModelProblem.silent }
    }
}

/// Why a model does not speak, in its worker's words.
private struct TrialError: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}
