import Hearing
import JSON
import Net
import Sound
import VoiceCore
import Wire

/// Text of recordings for programs that know OpenAI's interface.
struct TranscriptionEndpoints: Sendable {
    private static let transcriptions = "/v1/audio/transcriptions"
    private static let translations = "/v1/audio/translations"
    /// Where recordings are sent to.
    static let paths: Set = [transcriptions, translations]

    let parts: GatewayParts

    var routes: [Route] {
        [
            .guarded("POST", Self.transcriptions, anyOf: .capture, in: .openAI) { call throws(ErrorReply) in
                try read(call, translates: false)
            },
            .guarded("POST", Self.translations, anyOf: .capture, in: .openAI) { call throws(ErrorReply) in
                try read(call, translates: true)
            },
        ]
    }

    private func read(_ call: Call, translates: Bool) throws(ErrorReply) -> HTTPReply {
        guard let desk = parts.desk, !desk.engines.isEmpty else {
            throw .noHearing
        }
        // What nobody can do is refused before anything is read.
        if translates, desk.translators.isEmpty { throw .noTranslator }
        let (body, contentType) = (call.request.body, call.request.fields["Content-Type"])
        return .openLater { opener in
            do {
                let form: TranscriptionForm
                do throws(WireError) {
                    form = try TranscriptionForm(MultipartForm(body, contentType: contentType))
                } catch {
                    throw ErrorReply(error)
                }
                let reading = TranscriptionReading(form, desk: desk, translates: translates)
                if form.isStreamed { return try await reading.stream(by: opener) }
                return try await reading.whole()
            } catch let error as ErrorReply {
                parts.counters.refused(error.code)
                return .openAI(error)
            }
        }
    }
}

/// The reading of one recording, and its answer in the format that was asked for.
struct TranscriptionReading: Sendable {
    private let form: TranscriptionForm
    private let desk: RecordingDesk
    private let translates: Bool
    /// Any model that is none of ours, or cannot do it, means the usual one of those that can.
    private let engine: String?

    init(_ form: TranscriptionForm, desk: RecordingDesk, translates: Bool) {
        self.form = form
        self.desk = desk
        self.translates = translates
        let able = translates ? desk.translators : desk.engines
        engine = able.contains(form.model) ? form.model : nil
    }

    /// Answers at the end.
    func whole() async throws -> HTTPResponse {
        var page = TranscriptionPage(isTranslation: translates)
        page.duration = try await read { page.add($0) }
        return page.response(to: form)
    }

    /// Answers with what was said as soon as it is known, as server-sent events.
    ///
    /// - Returns: The error, where the recording is refused before the first words.
    func stream(by opener: BodyOpener) async throws -> HTTPResponse? {
        var page = TranscriptionPage(isTranslation: translates)
        var writer: BodyWriter?
        var isGone = false
        func send(_ event: JSONValue) async {
            let open = writer ?? opener.open(Self.head)
            writer = open
            let bytes = Array("data: ".utf8) + JSONText.bytes(event) + [0x0A, 0x0A]
            do { try await open.write(bytes) } catch { isGone = true }
        }
        do {
            page.duration = try await read { said in
                let delta = page.add(said)
                if !delta.isEmpty, !isGone {
                    await send(.object(["type": "transcript.text.delta", "delta": .string(delta)]))
                }
            }
        } catch let error as ErrorReply where writer != nil {
            // The head has said 200 already.
            await send(.object(["error": .object(error.fields)]))
            return nil
        }
        await send(
            .object(["type": "transcript.text.done", "text": .string(page.text), "usage": page.usage]))
        return nil
    }

    private static let head = HTTPResponse(
        status: 200,
        fields: [
            "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
        ])

    private func read(_ tell: (SaidText) async -> Void) async throws -> Duration {
        do {
            return translates
                ? try await translate(tell) : try await read(by: engine, language: form.language, tell)
        } catch RecordingRefusal.transcription(.transcriber(.unsupported(let engine))) {
            throw ErrorReply.unknownLanguage(engine, knowing: await desk.languages(of: engine))
        } catch let refusal as RecordingRefusal {
            throw ErrorReply(refusal)
        }
    }

    /// Asks one after the other: whether a server elsewhere translates is known only once it was asked.
    private func translate(_ tell: (SaidText) async -> Void) async throws -> Duration {
        var isTold = false
        for next in [engine].compactMap(\.self) + desk.translators.filter({ $0 != engine }) {
            do {
                // The language that was spoken is no part of a translation's form.
                return try await read(by: next, language: nil) { said in
                    isTold = true
                    await tell(said)
                }
            } catch RecordingRefusal.transcription(.transcriber(.unsupported)) {
                // What was told once is not told again by another one.
                if isTold { throw RecordingRefusal.transcription(.transcriber(.failed(engine: next, message: ""))) }
            }
        }
        throw ErrorReply.noTranslator
    }

    /// What is not believed to have been said is left out.
    private func read(
        by engine: String?, language: String?, _ tell: (SaidText) async -> Void
    ) async throws -> Duration {
        try await desk.read(form.file, language: language, engine: engine, translates: translates) { said in
            if said.doubt == nil, !said.transcript.text.isEmpty { await tell(said) }
        }
    }
}

extension ErrorReply {
    /// No engine writes down in English what was said in another language.
    fileprivate static var noTranslator: ErrorReply {
        ErrorReply(
            .notSupported, "no engine here translates",
            advice: "ask /v1/audio/transcriptions for the text in the language that was spoken")
    }

    /// Why a recording was not read, for whoever sent it.
    init(_ refusal: RecordingRefusal) {
        switch refusal {
        case .tooMany(let limit):
            self.init(.tooManyRequests, "\(limit) recordings are read already", limit: "recordings")
        case .tooLong(let limit):
            self.init(
                .recordingTooLong, "the recording lasts longer than \(limit.components.seconds) s", field: "file",
                limit: "recording_seconds")
        case .unknownEngine: self.init(.unknownEngine, "there is no such recogniser", field: "model")
        case .recording(let error): self.init(error)
        case .conversion(.notInstalled):
            self.init(.unsupportedAudio, "the recording is none of those that are read without ffmpeg", field: "file")
        case .conversion(.failed): self.init(.damagedRecording, "ffmpeg finds no sound in the file", field: "file")
        case .conversion(.tookTooLong): self.init(.overloaded, "ffmpeg takes too long for the file", field: "file")
        case .transcription(.audio): self.init(.unsupportedAudio, "the sample rate cannot be changed", field: "file")
        case .transcription(.transcriber(.unsupported(let engine))):
            self = .unknownLanguage(engine, knowing: [])
        case .transcription(.transcriber(.notReady(let engine))), .transcription(.transcriber(.died(let engine))):
            self.init(.engineFailed, "the recogniser \(engine) does not work")
        case .transcription(.transcriber(.timedOut(let engine))), .transcription(.transcriber(.shed(let engine))):
            self.init(.overloaded, "the recogniser \(engine) has too much to do")
        case .transcription(.transcriber(.failed(let engine, _))), .transcription(.detector(.notReady(let engine))):
            self.init(.engineFailed, "the engine \(engine) fails at this recording")
        }
    }

    /// A recogniser does not know the language that was asked for.
    ///
    /// - Parameter languages: Those that it says it knows; none where it cannot say.
    fileprivate static func unknownLanguage(_ engine: String, knowing languages: [String]) -> ErrorReply {
        guard !languages.isEmpty else {
            return ErrorReply(
                .outOfRange, "the recogniser \(engine) does not understand this language",
                advice: "name another one, or another recogniser as model", field: "language")
        }
        return ErrorReply(
            .outOfRange, "the recogniser \(engine) understands \(languages.joined(separator: ", "))",
            advice: "name one of these, or another recogniser as model", field: "language")
    }

    private init(_ error: RecordingError) {
        switch error {
        case .empty:
            self.init(.unsupportedAudio, "the file is empty", advice: "send a recording with sound", field: "file")
        case .unknownKind(let isText):
            self.init(
                .unsupportedAudio, isText ? "the file is text, not sound" : "the file is no recording", field: "file")
        case .unsupported(let kind):
            self.init(.unsupportedAudio, "this encoding of \(kind.name) is not read here", field: "file")
        case .damaged(let kind): self.init(.damagedRecording, "the file is damaged \(kind.name)", field: "file")
        case .truncated(let kind):
            self.init(.truncatedRecording, "the \(kind.name) file ends before its own sizes say so", field: "file")
        case .library(let kind): self.init(.overloaded, "there is no memory for \(kind.name)", field: "file")
        }
    }
}

extension RecordingKind {
    /// For people.
    fileprivate var name: String {
        switch self {
        case .wav: "WAV"
        case .mp3: "MP3"
        case .flac: "FLAC"
        case .oggOpus: "Ogg Opus"
        case .foreign(let container): container.rawValue
        }
    }
}
