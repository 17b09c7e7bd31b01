internal import Sherpa
internal import Wyoming

/// Answers the events of a detector's connections; after `detect` a connection carries records alone.
struct DetectionWorker: Sendable {
    let network: SileroNetwork

    /// A source uses 3 KB; ten times as many as any server takes say that the other side has lost count.
    private static let streamLimit = 50_000

    /// - Returns: Whether the connection goes on.
    func answer(_ event: WyomingEvent, _ connection: inout WyomingConnection) throws(TransportError) -> Bool {
        switch event {
        case .describe: try connection.send(.info(Info()))
        case .ping(let text): try connection.send(.pong(Pong(text: text, isBusy: false)))
        case .other(DetectionRecord.request):
            try connection.send(.other(DetectionRecord.answer))
            try judge(&connection)
            return false
        default: break
        }
        return true
    }

    /// Judges windows until the peer is gone, or sends what makes no sense.
    private func judge(_ connection: inout WyomingConnection) throws(TransportError) {
        var streams: [UInt32: SileroNetwork.Source] = [:]
        var waiting: [UInt8] = []
        while true {
            let bytes = try connection.receiveBytes()
            if bytes.isEmpty { return }
            waiting.append(contentsOf: bytes)
            var answers: [UInt8] = []
            var start = 0
            while waiting.count - start >= DetectionQuestion.byteCount {
                let end = start + DetectionQuestion.byteCount
                guard let question = DetectionQuestion(waiting[start..<end]), judge(question, &streams, &answers)
                else { return }
                start = end
            }
            waiting.removeFirst(start)
            try connection.send(bytes: answers)
        }
    }

    /// - Returns: False when the connection is to end.
    private func judge(
        _ question: DetectionQuestion, _ streams: inout [UInt32: SileroNetwork.Source], _ answers: inout [UInt8]
    ) -> Bool {
        if question.purpose == .ends {
            streams[question.stream] = nil
            return true
        }
        if question.purpose == .begins { streams[question.stream] = nil }
        guard streams.count < Self.streamLimit,
            let probability = network.probability(
                of: question.samples, in: &streams[question.stream, default: SileroNetwork.Source()])
        else { return false }
        DetectionAnswer(stream: question.stream, sequence: question.sequence, probability: probability)
            .write(to: &answers)
        return true
    }
}
