import Flow
import Hearing
import JSON
import Net
import VoiceCore
import Wire

/// Whether somebody speaks in a recording, and whether a text is what somebody said.
struct SpeechCheckEndpoints: Sendable {
    private static let detection = "/v1/vad"
    /// Where recordings are sent to.
    static let paths: Set = [detection]

    let parts: GatewayParts

    private var timeline: Timeline { parts.server.timeline }

    var routes: [Route] {
        [
            .guarded("POST", Self.detection, anyOf: .capture, detect),
            .guarded("POST", "/v1/filter", anyOf: .capture, filter),
        ]
    }

    private func detect(_ call: Call) throws(ErrorReply) -> HTTPReply {
        guard let desk = parts.desk else { throw .noHearing }
        let (body, contentType) = (call.request.body, call.request.fields["Content-Type"])
        return .openLater { _ in
            do {
                let began = timeline.now
                let speech = try await desk.detect(try Self.recording(body, contentType))
                return .object(Self.answer(speech, by: desk.detectorName, in: timeline.now - began))
            } catch let refusal as RecordingRefusal {
                return HTTPResponse(ErrorReply(refusal))
            } catch let error as ErrorReply {
                return HTTPResponse(error)
            }
        }
    }

    /// The part `file` of a form, or the whole of any other body.
    private static func recording(_ body: [UInt8], _ contentType: String?) throws(ErrorReply) -> ArraySlice<UInt8> {
        guard contentType?.lowercased().hasPrefix("multipart/") == true else { return body[...] }
        do throws(WireError) {
            let form = try MultipartForm(body, contentType: contentType)
            guard let file = form.parts.first(where: { $0.name == "file" }) else { throw .missingField("file") }
            return file.content
        } catch {
            throw ErrorReply(error)
        }
    }

    private static func answer(
        _ speech: SpeechInRecording, by detector: String, in processing: Duration
    ) -> [String: JSONValue] {
        let ratio = speech.length > .zero ? speech.speech / speech.length : 0
        return [
            "has_speech": .bool(!speech.stretches.isEmpty),
            "confidence": .double(speech.bestProbability.rounded(toPlaces: 3)),
            "speech_ratio": .double(min(1, ratio).rounded(toPlaces: 3)),
            "num_segments": .integer(speech.stretches.count),
            "total_speech_sec": .double(speech.speech.secondCount.rounded(toPlaces: 3)),
            "total_audio_sec": .double(speech.length.secondCount.rounded(toPlaces: 3)),
            "processing_time_sec": .double(processing.secondCount.rounded(toPlaces: 4)),
            "detector": .string(detector),
            "segments": .array(
                speech.stretches.map { stretch in
                    .object([
                        "start_ms": .integer(Int(stretch.start / .milliseconds(1))),
                        "end_ms": .integer(Int(stretch.end / .milliseconds(1))),
                        "probability": .double(stretch.probability.rounded(toPlaces: 3)),
                    ])
                }),
        ]
    }

    /// Judges by how much text there is and how it repeats itself, never by which words: a real "thanks" stays.
    private func filter(_ call: Call) throws(ErrorReply) -> HTTPReply {
        let question = try call.read { bytes throws(WireError) in try FilterQuestion(bytes) }
        let reason = InventionRule().reason(against: question.text, lasting: question.length)
        return .now(
            .object([
                "is_hallucination": .bool(reason != nil), "reason": reason.map { .string($0.rawValue) } ?? .null,
                "text": .string(question.text),
            ]))
    }
}

extension Duration {
    fileprivate var secondCount: Double { self / .seconds(1) }
}

extension Double {
    fileprivate func rounded(toPlaces count: Int) -> Double {
        var factor = 1.0
        for _ in 0..<count { factor *= 10 }
        return (self * factor).rounded() / factor
    }
}
