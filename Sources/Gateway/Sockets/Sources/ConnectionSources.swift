import Flow
import Hearing
import Net
import VoiceCore
import Wire

/// The sources of one connection: which channel carries which, and what their clients are told.
final class ConnectionSources: SourceLink {
    fileprivate struct Contents: Sendable {
        var intakes: [UInt32: SourceIntake] = [:]
        /// PROTOCOL.md, section 4: channels of sources are even.
        var nextChannel: UInt32 = 2

        /// Whether a channel was open once; what is under way on it then is no mistake.
        func wasOpen(_ channel: UInt32) -> Bool { channel > 0 && channel % 2 == 0 && channel < nextChannel }
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
        let (intake, wasOpen) = contents.withLock { ($0.intakes[header.channel], $0.wasOpen(header.channel)) }
        guard let intake, header.kind == .audioIn else {
            if wasOpen, intake == nil { return }
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
        if case .stop(let reason) = control {
            close(source)
            send(.control(source, .stop, reason: reason))
        } else {
            send(.control(source, SourceNotice.Control(control)))
        }
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

    /// There is nobody who could hear.
    static var noHearing: ErrorReply {
        ErrorReply(
            .notSupported, "this server does not hear", advice: "run hearsay doctor to see what hearing needs")
    }

    init(_ refusal: SourceRefusal) {
        switch refusal {
        case .unknownSource: self.init(.unknownSource, "there is no such source", field: "source_id")
        case .differs:
            self.init(
                .outOfRange, "this source runs in another format or session", field: "source_id")
        case .unknownEngine(let name, let absent):
            let named = name.map { " \"\($0.prefix(64))\"" } ?? ""
            self.init(
                .unknownEngine, "no engine\(named) hears here",
                advice: absent?.reason ?? "`hearsay engines` lists what does", field: "stt.engine")
        case .unknownLanguage(let language, let engine, let known):
            let languages = known.joined(separator: ", ")
            self.init(
                .unknownLanguage,
                "the recogniser \(engine) understands \(languages), not \"\(language.prefix(64))\"",
                advice: "`hearsay engines --kind recogniser` lists who understands what", field: "stt.language")
        case .noNoiseReducer(let absent): self.init("denoiser", absent, field: "noise_reduction")
        case .noSpotter(let absent): self.init("model for phrases", absent, field: "stt.keywords")
        case .tooMany(let limit):
            self.init(.tooManySources, "there are \(limit) sources", limit: LimitName.sources.rawValue)
        case .tooManyOfSession(let limit):
            self.init(
                .tooManySources, "this session has \(limit) sources", limit: LimitName.sourcesPerSession.rawValue)
        case .serverStopping: self.init(.serverStopping, "the server is stopping")
        }
    }

    /// - Parameters:
    ///   - helper: What is not there.
    ///   - absent: Which one could be had, with how to get it.
    private init(_ helper: String, _ absent: EngineState?, field: String) {
        let known = absent.flatMap { state in state.reason.map { (name: state.engine, reason: $0) } }
        self.init(
            .unknownEngine, "no \(helper)\(known.map { " such as \($0.name)" } ?? "") is installed here",
            advice: known?.reason ?? "`hearsay models list` names what can be installed", field: field)
    }
}
