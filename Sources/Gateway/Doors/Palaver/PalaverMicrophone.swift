import Flow
import Hearing
import Net
import VoiceCore
import Wire

/// One connection at `/audio`: any number of streams, each of which is a source.
actor PalaverMicrophone: SourceLink {
    private struct Track {
        let stream: PalaverStream
        let intake: SourceIntake
        var sequence: UInt32 = 0
        /// Samples of each channel that came.
        var position = 0
    }

    /// How long the pieces are in which a chunk goes on; sources take no longer ones than 120 ms.
    private static let pieceLength = Duration.milliseconds(60)

    /// Palaver makes notes, for which late text is better than none: it waits as long as audio is kept.
    private static let patience = Duration.seconds(300)

    private let socket: WebSocket
    private let grant: Grant
    private let session: SessionID
    private let parts: GatewayParts
    private let board: PalaverBoard
    /// Whether the audio of drafts is kept of streams that do not say.
    private let records: Bool
    private var tracks: [String: Track] = [:]

    init(
        _ socket: WebSocket, _ grant: Grant, session: SessionID, parts: GatewayParts, board: PalaverBoard,
        records: Bool
    ) {
        self.socket = socket
        self.grant = grant
        self.session = session
        self.parts = parts
        self.board = board
        self.records = records
    }

    /// Takes what is sent until the connection is over; then its streams are, too.
    func serve() async {
        while let message = await socket.receive() {
            do throws(ErrorReply) {
                switch message {
                case .text(let text): try await take(text)
                case .binary(let bytes): try take(bytes)
                }
            } catch {
                parts.counters.refused(error.code)
                socket.send(Frame.text(PalaverReply.error(error, at: .audio)))
            }
        }
        for source in tracks.keys { try? await stop(source) }
    }

    /// A stream's source was paused, or ended by somebody else; the design has no word for the first.
    nonisolated func control(_ source: SourceID, _ control: SourceControl) {
        socket.send(Frame.text(PalaverReply.control(control, of: board.stream(of: source)?.source)))
    }

    private func take(_ text: String) async throws(ErrorReply) {
        let message: PalaverAudioMessage
        do throws(WireError) {
            message = try PalaverAudioMessage(Array(text.utf8), now: WallTime.now().palaverSeconds) { source in
                tracks[source]?.stream
            }
        } catch {
            throw ErrorReply(error)
        }
        switch message {
        case .start(let stream): try await start(stream)
        case .chunk(let source, let chunk): try take(chunk, of: source)
        case .stop(let source):
            guard tracks[source] != nil else { throw Self.unknown }
            try await stop(source)
        case .configure(let source, let detection, let recognition):
            try await change(source) { hearing, id throws(SourceRefusal) in
                try await hearing.update(id, detection.settings, recognition)
                board.change(id, detection)
            }
        case .pause(let source, let isPaused):
            try await change(source) { hearing, id throws(SourceRefusal) in
                try await hearing.setPaused(isPaused, id, by: self)
            }
        }
    }

    /// Audio without JSON, which a connection with one stream may send.
    private func take(_ bytes: [UInt8]) throws(ErrorReply) {
        guard let (source, track) = tracks.first else {
            throw ErrorReply(.unknownSource, "no stream has begun on this connection")
        }
        guard tracks.count == 1 else {
            throw ErrorReply(
                .unknownSource, "a binary frame is audio of the only stream of its connection, which has several",
                advice: "send each of them on a connection of its own, or audio_chunk with its source_id")
        }
        let chunk: PalaverChunk
        do throws(WireError) {
            chunk = try PalaverAudioMessage.chunk(bytes, of: track.stream)
        } catch {
            throw ErrorReply(error)
        }
        try take(chunk, of: source)
    }

    /// Asks for something to be done with a stream of this connection.
    private func change(
        _ source: String, _ change: (SourceDirectory, SourceID) async throws(SourceRefusal) -> Void
    ) async throws(ErrorReply) {
        guard let track = tracks[source], let hearing = parts.hearing else { throw Self.unknown }
        do throws(SourceRefusal) {
            try await change(hearing, track.intake.id)
        } catch {
            throw ErrorReply(error)
        }
    }

    private func start(_ stream: PalaverStream) async throws(ErrorReply) {
        guard let hearing = parts.hearing else { throw .noHearing }
        // A stream that begins anew has lost its connection; what it said before is complete.
        if tracks[stream.source] != nil { try await stop(stream.source) }
        let request = SourceRequest(
            id: nil, session: session,
            format: SourceFormat(codec: .pcmF32, sampleRate: stream.sampleRate, channelCount: stream.channelCount),
            detection: stream.detection.settings,
            // Palaver knows no text that may still change.
            recognition: RecognitionSettings(partials: false, patience: Self.patience),
            records: stream.records ?? records,
            token: grant.token)
        do throws(SourceRefusal) {
            let opened = try await hearing.open(request, over: self)
            board.add(stream, as: opened.id)
            tracks[stream.source] = Track(stream: stream, intake: opened.intake)
        } catch {
            throw ErrorReply(error)
        }
        board.tell(.audioStart, in: session) { .started(stream, PalaverStamp(at: .now())) }
    }

    private func take(_ chunk: PalaverChunk, of source: String) throws(ErrorReply) {
        guard var track = tracks[source] else { throw Self.unknown }
        let stream = track.stream
        guard chunk.channelCount == stream.channelCount, chunk.sampleRate ?? stream.sampleRate == stream.sampleRate
        else {
            throw ErrorReply(.badAudio, "this stream began with another sample rate or count of channels")
        }
        let width = 4 * stream.channelCount
        let format = SourceFormat(codec: .pcmF32, sampleRate: stream.sampleRate, channelCount: stream.channelCount)
        let position = format.duration(of: track.position)
        let length = max(1, Int(Self.pieceLength / .seconds(1) * Double(stream.sampleRate)))
        for start in stride(from: 0, to: chunk.sampleCount, by: length) {
            let count = min(length, chunk.sampleCount - start)
            let bytes = Array(chunk.floats[start * width..<(start + count) * width])
            do throws(BadAudio) {
                _ = try track.intake.take(
                    bytes, sequence: track.sequence, timestamp: UInt32(truncatingIfNeeded: track.position), from: self)
            } catch {
                throw ErrorReply(error)
            }
            track.sequence &+= 1
            track.position += count
        }
        tracks[source] = track
        board.tell(.audioChunk, in: session) { .chunk(chunk, of: stream, at: position, PalaverStamp(at: .now())) }
    }

    private func stop(_ source: String) async throws(ErrorReply) {
        guard let track = tracks.removeValue(forKey: source) else { return }
        board.end(track.intake.id)
        do throws(SourceRefusal) {
            try await parts.hearing?.close(track.intake.id, by: self)
        } catch {
            // One that has ended by itself is told so.
            guard error == .unknownSource else { throw ErrorReply(error) }
        }
    }

    private static var unknown: ErrorReply {
        ErrorReply(.unknownSource, "no stream of that source_id has begun", field: "source_id")
    }
}
