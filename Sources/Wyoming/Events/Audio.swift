import JSON

/// What the bytes of an audio chunk mean.
package struct AudioShape: Hashable, Sendable {
    /// Samples a second of each channel.
    package var rate: Int
    /// Bytes of one sample.
    package var width: Int
    package var channels: Int

    package init(rate: Int, width: Int = 2, channels: Int = 1) {
        self.rate = rate
        self.width = width
        self.channels = channels
    }

    init(_ data: JSONObject) throws(EventError) {
        guard let rate = data["rate"]?.whole, let width = data["width"]?.whole, let channels = data["channels"]?.whole
        else { throw .invalidData }
        // Bounds of what any sound card or codec has, so that no reader multiplies nonsense.
        guard (1...768_000).contains(rate), (1...4).contains(width), (1...8).contains(channels) else {
            throw .invalidData
        }
        self.init(rate: rate, width: width, channels: channels)
    }

    var data: JSONObject { ["rate": .integer(rate), "width": .integer(width), "channels": .integer(channels)] }
}

/// Begins audio.
package struct AudioStart: Hashable, Sendable {
    package var shape: AudioShape
    /// When the words of the request sound; our own addition under the key `words`, empty from other engines.
    package var words: [SpokenWord]

    package init(shape: AudioShape, words: [SpokenWord] = []) {
        self.shape = shape
        self.words = words
    }

    init(_ data: JSONObject) throws(EventError) {
        shape = try AudioShape(data)
        words = data["words"]?.elements?.compactMap { $0.members.flatMap(SpokenWord.init) } ?? []
    }

    var data: JSONObject {
        var data = shape.data
        if !words.isEmpty { data["words"] = .array(words.map { .object($0.data) }) }
        return data
    }
}

/// A piece of audio.
package struct AudioPiece: Hashable, Sendable {
    package var shape: AudioShape
    /// Little-endian samples, channels interleaved.
    package var pcm: [UInt8]

    package init(shape: AudioShape, pcm: [UInt8]) {
        self.shape = shape
        self.pcm = pcm
    }

    init(_ data: JSONObject, payload: [UInt8]) throws(EventError) {
        shape = try AudioShape(data)
        if payload.count % (shape.width * shape.channels) != 0 { throw .invalidData }
        pcm = payload
    }
}

/// Where a word stands in the request's text and when it sounds.
package struct SpokenWord: Hashable, Sendable {
    /// Unicode scalars before the word.
    package var characterIndex: Int
    /// Unicode scalars of the word.
    package var characterCount: Int
    /// From the first sample.
    package var startMilliseconds: Int
    package var endMilliseconds: Int

    package init(characterIndex: Int, characterCount: Int, startMilliseconds: Int, endMilliseconds: Int) {
        self.characterIndex = characterIndex
        self.characterCount = characterCount
        self.startMilliseconds = startMilliseconds
        self.endMilliseconds = endMilliseconds
    }

    init?(_ data: JSONObject) {
        guard let index = data["char_index"]?.whole, let count = data["char_length"]?.whole,
            let start = data["start_ms"]?.whole, let end = data["end_ms"]?.whole,
            index >= 0, count >= 0, start >= 0, end >= start
        else { return nil }
        self.init(characterIndex: index, characterCount: count, startMilliseconds: start, endMilliseconds: end)
    }

    var data: JSONObject {
        [
            "char_index": .integer(characterIndex), "char_length": .integer(characterCount),
            "start_ms": .integer(startMilliseconds), "end_ms": .integer(endMilliseconds),
        ]
    }
}
