extension InlineMarkdown {
    /// A run of marks that may begin something.
    private struct Opening {
        var start: Int
        var count: Int
    }

    /// Drops the marks of emphasis and of strike-through that have a partner.
    ///
    /// A mark opens where a word begins behind it, and closes where one ends before it, as CommonMark has it.
    mutating func markEmphasis() {
        var openings: [Unicode.Scalar: [Opening]] = [:]
        var index = 0
        while index < scalars.count {
            let sign = scalars[index]
            guard fates[index] == .kept, sign == "*" || sign == "_" || sign == "~" else {
                index += 1
                continue
            }
            let start = index
            while index < scalars.count, scalars[index] == sign, fates[index] == .kept { index += 1 }
            if sign == "~", index - start != 2 { continue }
            let (opens, closes) = ability(of: sign, start..<index)
            var count = index - start
            if closes { count -= close(start, count, &openings[sign, default: []]) }
            if opens, count > 0 { openings[sign, default: []].append(Opening(start: index - count, count: count)) }
        }
    }

    /// - Returns: How many marks of the run had a partner.
    private mutating func close(_ start: Int, _ count: Int, _ openings: inout [Opening]) -> Int {
        var closed = 0
        while closed < count, var opening = openings.popLast() {
            let pairs = min(opening.count, count - closed)
            drop(opening.start + opening.count - pairs..<opening.start + opening.count)
            drop(start + closed..<start + closed + pairs)
            closed += pairs
            opening.count -= pairs
            if opening.count > 0 { openings.append(opening) }
        }
        return closed
    }

    private func ability(of sign: Unicode.Scalar, _ run: Range<Int>) -> (opens: Bool, closes: Bool) {
        let before = neighbour(run.lowerBound, -1)
        let after = neighbour(run.upperBound - 1, 1)
        let leads = !after.isSpace && (!after.isPunctuation || before.isSpace || before.isPunctuation)
        let trails = !before.isSpace && (!before.isPunctuation || after.isSpace || after.isPunctuation)
        guard sign == "_" else { return (leads, trails) }
        return (leads && (!trails || before.isPunctuation), trails && (!leads || after.isPunctuation))
    }

    /// A space beyond the ends.
    private func neighbour(_ index: Int, _ step: Int) -> Unicode.Scalar {
        let place = index + step
        return scalars.indices.contains(place) ? scalars[place] : " "
    }
}
