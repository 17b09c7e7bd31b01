internal import CFlite
private import Glibc
internal import Wyoming

/// Reads from an analysed utterance which words sound when.
///
/// A token is what stands between spaces in the text; it may be spoken as several words ("1984"), which count as one.
/// Each word hangs in the relation `SylStructure` over its syllables, and these over its segments, whose `end` is in
/// seconds.
/// `@safe`: it lives within the callback that lends both pointers.
@safe struct WordWalk {
    let utterance: UnsafePointer<cst_utterance>?
    let wave: UnsafePointer<cst_wave>
    let text: FliteText

    func words() -> [SpokenWord] {
        // flite declares its readers without `const`.
        guard let utterance = unsafe UnsafeMutablePointer(mutating: utterance),
            unsafe utt_relation_present(utterance, "Token") != 0
        else { return [] }
        var words: [SpokenWord] = []
        var place = 0
        var token = unsafe relation_head(utt_relation(utterance, "Token"))
        while let item = unsafe token {
            let range = unsafe bytes(of: item, from: &place)
            if let characters = text.origin(of: range), let time = unsafe time(of: item) {
                words.append(word(characters, time, after: words.last))
            }
            unsafe token = item_next(item)
        }
        return words
    }

    /// Where the token stands in the text's bytes; `place` moves behind it.
    ///
    /// flite cuts the text into whitespace, leading punctuation, name and trailing punctuation, and keeps each of them,
    /// but forgets punctuation that belongs to an abbreviation ("Dr."); so the name is looked for from there on.
    private func bytes(of token: UnsafeMutablePointer<cst_item>, from place: inout Int) -> Range<Int> {
        let earliest = unsafe place + bytes(token, "whitespace").count + bytes(token, "prepunctuation").count
        let name = unsafe bytes(token, "name")
        let start = text.firstIndex(of: name, from: earliest) ?? earliest
        unsafe place = start + name.count + bytes(token, "punc").count
        return start..<start + name.count
    }

    private func bytes(_ item: UnsafeMutablePointer<cst_item>, _ feature: String) -> [UInt8] {
        guard unsafe item_feat_present(item, feature) != 0, let value = unsafe item_feat_string(item, feature)
        else { return [] }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: value, count: strlen(value)))
    }

    /// Seconds from the first segment of the token's first word to the last of its last.
    private func time(of token: UnsafeMutablePointer<cst_item>) -> ClosedRange<Float>? {
        var start: Float?
        var end: Float?
        var word = unsafe item_daughter(token)
        while let item = unsafe word {
            var syllable = unsafe item_daughter(item_as(item, "SylStructure"))
            while let current = unsafe syllable {
                if let first = unsafe item_daughter(current), start == nil { start = unsafe startTime(first) }
                if let last = unsafe item_last_daughter(current) { end = unsafe item_feat_float(last, "end") }
                unsafe syllable = item_next(current)
            }
            unsafe word = item_next(item)
        }
        guard let start, let end, end > start else { return nil }
        return start...end
    }

    private func startTime(_ segment: UnsafeMutablePointer<cst_item>) -> Float {
        guard let before = unsafe item_prev(item_as(segment, "Segment")) else { return 0 }
        return unsafe item_feat_float(before, "end")
    }

    /// Words do not overlap and lie within the audio, though flite's sums of durations may be off by a frame.
    private func word(_ characters: Range<Int>, _ time: ClosedRange<Float>, after last: SpokenWord?) -> SpokenWord {
        let length = unsafe Int(wave.pointee.num_samples) * 1000 / max(1, Int(wave.pointee.sample_rate))
        // The last frame of the buffer is never filled by the vocoder.
        let limit = max(0, length - 5)
        let start = min(max(Int(time.lowerBound * 1000), last?.endMilliseconds ?? 0), limit)
        let end = min(max(Int(time.upperBound * 1000), start), limit)
        return SpokenWord(
            characterIndex: characters.lowerBound, characterCount: characters.count, startMilliseconds: start,
            endMilliseconds: end)
    }
}
