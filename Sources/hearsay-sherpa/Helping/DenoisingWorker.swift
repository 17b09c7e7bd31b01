internal import Sherpa
internal import Sound
internal import Wyoming

/// Answers the events of a denoiser's connections; after `denoise` a connection carries the sound of one source.
///
/// Each `audio-chunk` is answered by one that holds what is done by then, `audio-stop` by the rest and an `audio-stop`.
struct DenoisingWorker: Sendable {
    private let folder: DenoiserFolder
    private let library: SherpaLibrary
    private let sources: SourceCount

    private static let shape = AudioShape(rate: 16_000)
    /// Each has the model in memory once more; servers take some hundred sources, few of which ask for this.
    static let sourceLimit = 64

    init(_ folder: DenoiserFolder, _ library: SherpaLibrary) {
        self.folder = folder
        self.library = library
        sources = SourceCount(limit: Self.sourceLimit)
    }

    /// - Returns: Whether the connection goes on.
    func answer(_ event: WyomingEvent, _ connection: inout WyomingConnection) throws(TransportError) -> Bool {
        switch event {
        case .describe: try connection.send(.info(Info()))
        case .ping(let text): try connection.send(.pong(Pong(text: text, isBusy: false)))
        case .other(let raw) where raw.type == "denoise":
            guard sources.enter() else {
                try connection.send(.error(text: "there are too many sources", code: "too_many"))
                return false
            }
            defer { sources.leave() }
            try clean(&connection)
            return false
        default: break
        }
        return true
    }

    /// Works until the peer is gone, or sends what makes no sense.
    private func clean(_ connection: inout WyomingConnection) throws(TransportError) {
        guard let denoiser = Denoiser.open(folder.family, file: folder.file, library: library) else {
            return try connection.send(.error(text: "\(ModelProblem.refused)", code: "engine_failed"))
        }
        while let event = try connection.receive() {
            switch event {
            case .audioChunk(let piece):
                let cleaned = denoiser.clean(piece.monoSamples.map { Float($0) / 32_768 })
                try send(cleaned, on: connection)
            case .audioStop:
                try send(denoiser.finish(), on: connection)
                try connection.send(.audioStop)
            default: break
            }
        }
    }

    private func send(_ samples: [Float], on connection: borrowing WyomingConnection) throws(TransportError) {
        let pcm = PCM16.bytes(of: samples.map { Int16(max(-1, min(1, $0)) * 32_767) })
        try connection.send(.audioChunk(AudioPiece(shape: Self.shape, pcm: pcm)))
    }
}
