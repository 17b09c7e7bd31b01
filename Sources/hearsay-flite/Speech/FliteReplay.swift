internal import Sound
internal import Wyoming

/// Raises or lowers a voice whose melody flite cannot shift: it is spoken slower and played back faster, or the reverse.
///
/// The tone of the voice moves along, as on a tape.
final class FliteReplay {
    /// How much faster it is played back than it was spoken.
    let pitch: Double
    private var resampler: Resampler

    /// - Returns: Nil where there is nothing to do.
    init?(pitch: Double) {
        let rate = Int((Double(FliteVoice.sampleRate) * pitch).rounded())
        guard rate != FliteVoice.sampleRate, let resampler = try? Resampler(from: rate, to: FliteVoice.sampleRate)
        else { return nil }
        self.pitch = pitch
        self.resampler = resampler
    }

    /// The words as they sound when played back.
    func words(_ words: [SpokenWord]) -> [SpokenWord] {
        words.map { word in
            var word = word
            word.startMilliseconds = Int(Double(word.startMilliseconds) / pitch)
            word.endMilliseconds = Int(Double(word.endMilliseconds) / pitch)
            return word
        }
    }

    /// The next samples as they travel; some may be kept back.
    func bytes(_ samples: UnsafeBufferPointer<Int16>) -> [UInt8] {
        PCM16.bytes(of: (try? resampler.resample(unsafe [Int16](samples))) ?? [])
    }

    /// What was kept back.
    func finish() -> [UInt8] {
        PCM16.bytes(of: (try? resampler.finish()) ?? [])
    }
}
