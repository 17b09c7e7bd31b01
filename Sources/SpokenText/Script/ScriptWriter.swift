/// Turns passages into segments: reads the written pieces out and divides the original among them.
struct ScriptWriter {
    private let options: ScriptOptions

    init(_ options: ScriptOptions) {
        self.options = options
    }

    /// - Parameter count: Scalars of the original.
    func segments(of passages: [Passage], count: Int) -> [Segment] {
        var segments: [Segment] = []
        var starts: [Int] = []
        for passage in passages {
            var segment = segment(of: passage)
            if segment.text.isEmpty, segment.pauseBefore == .zero { continue }
            if let last = segments.last, last.text.isEmpty {
                segment.pauseBefore = min(last.pauseBefore + segment.pauseBefore, Pause.limit)
                segments.removeLast()
            } else {
                starts.append(max(starts.last ?? 0, passage.start ?? 0))
            }
            segments.append(segment)
        }
        for index in segments.indices {
            let start = index == 0 ? 0 : starts[index]
            segments[index].source = start..<(index + 1 < starts.count ? starts[index + 1] : count)
        }
        return segments
    }

    private func segment(of passage: Passage) -> Segment {
        let language = passage.style.language ?? options.language
        var text = MappedText()
        var phonemes: [Segment.Phonemes] = []
        var hasGap = false
        for piece in passage.pieces {
            // A piece is read out without the spaces around it; between two pieces there is one.
            if let first = piece.text.scalars.first, let last = text.scalars.last, !last.isSpace,
                first.isSpace || hasGap || first.isWordPart && last.isWordPart
            {
                text.append(" ", piece.text.origins[0])
            }
            hasGap = piece.text.scalars.last?.isSpace ?? false
            let start = text.count
            switch piece.kind {
            case .spoken: text.append(piece.text)
            case .written:
                var reader = TextReader(piece.text, language: language, pronunciations: options.pronunciations)
                reader.read()
                text.append(reader.spoken)
                phonemes += reader.phonemes.map { Segment.Phonemes($0, movedBy: start) }
            }
            if let ipa = piece.ipa { phonemes.append(Segment.Phonemes(range: start..<text.count, ipa: ipa)) }
        }
        let lead = text.scalars.prefix { $0.isSpace }.count
        let trimmed = text.trimmed()
        return Segment(
            text: trimmed, style: passage.style, pauseBefore: passage.pauseBefore,
            phonemes: phonemes.compactMap { Segment.Phonemes($0, movedBy: -lead) }, source: 0..<0)
    }
}

extension Segment.Phonemes {
    init(_ other: Segment.Phonemes, movedBy distance: Int) {
        let start = max(0, other.range.lowerBound + distance)
        self.init(range: start..<max(start, other.range.upperBound + distance), ipa: other.ipa)
    }
}
