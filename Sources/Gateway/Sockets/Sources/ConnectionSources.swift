import Flow
import Hearing
import Net
import VoiceCore
import Wire

/// The sources of one connection: which channel carries which, and what their clients are told.
final class ConnectionSources: SourceLink {
    fileprivate struct Contents: Sendable {
        var intakes: [UInt32: SourceIntake] = [:]
        /// Channels that are over; what was under way on them is no mistake.
        var closed: Set<UInt32> = []
        /// PROTOCOL.md, section 4: channels of sources are even.
        var nextChannel: UInt32 = 2
    }

    private let socket: WebSocket
    private let contents = Monitor(Contents())

    init(_ socket: WebSocket) {
        self.socket = socket
    }

    var isEmpty: Bool { contents.withLock { $0.intakes.isEmpty } }

    /// Gives a source its channel.
    func add(_ intake: SourceIntake) -> UInt32 {
        contents.withLock { contents in
            contents.close { $0.id == intake.id }
            let channel = contents.nextChannel
            contents.nextChannel += 2
            contents.intakes[channel] = intake
            return channel
        }
    }

    /// Takes a frame of audio at once, since it may not wait behind commands.
    func take(_ bytes: [UInt8]) throws(ErrorReply) {
        guard let header = AudioFrameHeader(bytes) else {
            throw ErrorReply(.unknownChannel, "this is no frame of audio")
        }
        let (intake, isClosed) = contents.withLock { ($0.intakes[header.channel], $0.closed.contains(header.channel)) }
        guard let intake, header.kind == .audioIn else {
            if isClosed { return }
            throw ErrorReply(.unknownChannel, "no channel \(header.channel) is open")
        }
        do throws(BadAudio) {
            let received = try intake.take(
                Array(bytes.dropFirst(AudioFrameHeader.byteCount)), sequence: header.sequence,
                timestamp: header.timestamp, from: self)
            if let received { send(.received(intake.id, sequence: received)) }
        } catch {
            throw ErrorReply(error)
        }
    }

    func control(_ source: SourceID, _ control: SourceControl) {
        if control == .stop { close(source) }
        send(.control(source, SourceNotice.Control(control)))
    }

    /// A source is over; what still comes for it is passed over.
    func close(_ source: SourceID) {
        contents.withLock { contents in contents.close { $0.id == source } }
    }

    private func send(_ notice: SourceNotice) {
        socket.send(Frame.text(notice.json))
    }
}

extension ConnectionSources.Contents {
    fileprivate mutating func close(_ isOver: (SourceIntake) -> Bool) {
        for (channel, intake) in intakes where isOver(intake) {
            intakes.removeValue(forKey: channel)
            closed.insert(channel)
        }
    }
}

extension SourceNotice.Control {
    init(_ control: SourceControl) {
        switch control {
        case .pause: self = .pause
        case .resume: self = .resume
        case .slowDown: self = .slowDown
        case .stop: self = .stop
        }
    }
}

extension ErrorReply {
    init(_ fault: BadAudio) {
        switch fault {
        case .notWhole: self.init(.badAudio, "this frame holds no whole number of samples")
        case .tooLong: self.init(.badAudio, "this frame is longer than 120 ms")
        case .undecodable: self.init(.badAudio, "this frame is no packet of Opus")
        }
    }

    init(_ refusal: SourceRefusal) {
        switch refusal {
        case .unknownSource: self.init(.unknownSource, "there is no such source", field: "source_id")
        case .differs:
            self.init(
                .outOfRange, "this source runs in another format or session", field: "source_id")
        case .unknownEngine(let name):
            let named = name.map { " \"\($0.prefix(64))\"" } ?? ""
            self.init(.unknownEngine, "no engine\(named) hears here", field: "stt.engine")
        case .noNoiseReducer:
            self.init(.unknownEngine, "no denoiser is installed here", field: "noise_reduction")
        case .tooMany(let limit):
            self.init(.tooManySources, "there are \(limit) sources", limit: LimitName.sources.rawValue)
        case .tooManyOfSession(let limit):
            self.init(
                .tooManySources, "this session has \(limit) sources", limit: LimitName.sourcesPerSession.rawValue)
        case .serverStopping: self.init(.serverStopping, "the server is stopping")
        }
    }
}
