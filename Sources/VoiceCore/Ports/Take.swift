import Flow
package import Sound

/// A job's audio: written once by the synthesis, read by each listener at its own pace.
///
/// What every reader has passed and everybody has heard is given back by `trim`. One format for the whole job; mono.
package final class Take: Sendable {
    /// How the writing ended.
    package enum Ending: Hashable, Sendable {
        case complete
        /// The engine failed; what exists is played.
        case broken(SynthesisError)
    }

    struct Contents: Sendable {
        var format: AudioFormat?
        var samples: [Int16] = []
        /// Index in the job of `samples[0]`.
        var firstSample = 0
        var words: [WordTime] = []
        var hasEstimatedWords = false
        var ending: Ending?
        var readers: [UInt64: Int] = [:]
        var nextReader: UInt64 = 0

        var endSample: Int { firstSample + samples.count }
    }

    let contents = Monitor(Contents())

    package init() {}

    // MARK: Writing

    /// Adds audio at the end.
    ///
    /// - Parameter chunk: Mono, in the format of the first chunk.
    package func append(_ chunk: AudioChunk) {
        precondition(chunk.format.channelCount == 1, "a take is mono")
        contents.update { contents in
            precondition(contents.format == nil || contents.format == chunk.format, "a take has one format")
            contents.format = chunk.format
            contents.samples.append(contentsOf: chunk.samples)
        }
    }

    /// Adds word times; offsets are those of the caller's text, times those of the job.
    package func append(words: [WordTime], areEstimated: Bool) {
        contents.update { contents in
            contents.words.append(contentsOf: words)
            contents.hasEstimatedWords = contents.hasEstimatedWords || areEstimated
        }
    }

    /// Takes back what was written from `position` on: the words, and the audio that no reader has passed yet.
    package func withdraw(from position: Duration) {
        contents.update { contents in
            contents.words.removeAll { $0.start >= position }
            guard let format = contents.format else { return }
            let passed = contents.readers.values.max() ?? 0
            let keep = max(format.sampleCount(in: position), passed, contents.firstSample)
            contents.samples.removeLast(max(0, contents.endSample - keep))
        }
    }

    /// Ends the writing; later calls change nothing.
    package func end(_ ending: Ending) {
        contents.update { $0.ending = $0.ending ?? ending }
    }

    /// Gives back audio that lies before `position`.
    package func trim(before position: Duration) {
        contents.withLock { contents in
            guard let format = contents.format else { return }
            let keep = min(format.sampleCount(in: position), contents.readers.values.min() ?? .max)
            let count = min(max(0, keep - contents.firstSample), contents.samples.count)
            guard count > format.sampleRate else { return }
            contents.samples.removeFirst(count)
            contents.firstSample += count
        }
    }

    // MARK: State

    package var format: AudioFormat? { contents.withLock { $0.format } }
    package var ending: Ending? { contents.withLock { $0.ending } }
    /// The audio that exists so far, from the job's first sample.
    package var duration: Duration {
        contents.withLock { contents in contents.format?.duration(of: contents.endSample) ?? .zero }
    }
    package var words: [WordTime] { contents.withLock { $0.words } }
    package var hasEstimatedWords: Bool { contents.withLock { $0.hasEstimatedWords } }

    /// The start of the word that sounds at `position`; `position` itself where there is none.
    package func startOfWord(at position: Duration) -> Duration {
        let word = words.last { $0.start <= position }
        guard let word, word.end > position else { return position }
        return word.start
    }

    /// How loud the 100 ms before `position` are, in decibels below full scale; nil where that audio is gone.
    package func level(at position: Duration) -> Double? {
        contents.withLock { contents in
            guard let format = contents.format else { return nil }
            let end = min(format.sampleCount(in: position), contents.endSample) - contents.firstSample
            let start = max(0, end - format.sampleRate / 10)
            guard end > start else { return nil }
            return Loudness(of: contents.samples[start..<end]).rms
        }
    }

    /// Returns when the first audio exists or the writing has ended; nil when cancelled.
    package func waitForAudio() async -> Ending?? {
        await contents.wait { contents in
            if !contents.samples.isEmpty || contents.firstSample > 0 { return .some(contents.ending) }
            return contents.ending.map { .some($0) }
        }
    }

    /// Waits until less than `margin` lies ahead of the slowest reader.
    ///
    /// - Returns: False when cancelled, or when the writing has ended.
    package func waitForDemand(_ margin: Duration) async -> Bool {
        await contents.wait { contents in
            if contents.ending != nil { return false }
            guard let format = contents.format else { return true }
            guard let slowest = contents.readers.values.min() else { return nil }
            return contents.endSample - slowest < format.sampleCount(in: margin) ? true : nil
        } ?? false
    }

    // MARK: Reading

    /// Opens a reading position.
    package func reader(from position: Duration) -> TakeReader {
        let (id, start) = contents.update { contents in
            contents.nextReader += 1
            let wanted = contents.format?.sampleCount(in: position) ?? 0
            let start = max(contents.firstSample, min(wanted, contents.endSample))
            contents.readers[contents.nextReader] = start
            return (contents.nextReader, start)
        }
        return TakeReader(take: self, id: id, firstSample: start)
    }
}

/// One listener's place in a take.
package final class TakeReader: Sendable {
    /// What a read gives.
    package enum Piece: Hashable, Sendable {
        /// Never empty.
        case samples([Int16])
        /// Everything was read.
        case end
    }

    private let take: Take
    private let id: UInt64
    /// The first sample this reader gives, counted from the job's first one.
    package let firstSample: Int

    init(take: Take, id: UInt64, firstSample: Int) {
        self.take = take
        self.id = id
        self.firstSample = firstSample
    }

    deinit { close() }

    /// The format of the audio; nil before the first sample exists.
    package var format: AudioFormat? { take.format }

    /// Waits for audio beyond what was read.
    ///
    /// - Returns: At most `count` samples; nil when the task was cancelled or the reader closed.
    package func next(atMost count: Int) async -> Piece? {
        let piece: Piece?? = await take.contents.wait(wakesOthers: true) { contents -> Piece?? in
            guard let position = contents.readers[id] else { return .some(nil) }
            if position < contents.endSample { return contents.read(id, from: position, atMost: count) }
            return contents.ending == nil ? nil : .some(.end)
        }
        return piece ?? nil
    }

    /// Gives up the place, so that it holds up nothing.
    package func close() {
        take.contents.update { _ = $0.readers.removeValue(forKey: id) }
    }
}

extension Take.Contents {
    fileprivate mutating func read(_ reader: UInt64, from position: Int, atMost count: Int) -> TakeReader.Piece? {
        let from = max(position, firstSample) - firstSample
        let to = min(from + count, samples.count)
        readers[reader] = firstSample + to
        return .samples(Array(samples[from..<to]))
    }
}
