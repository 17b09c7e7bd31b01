/// Another encoder behind a change of the sample rate.
final class ResamplingEncoder: SoundFileEncoder {
    private let encoder: any SoundFileEncoder
    private var resampler: Resampler
    private let inputRate: Int

    init(_ encoder: any SoundFileEncoder, from inputRate: Int, to outputRate: Int) throws(EncodingError) {
        self.encoder = encoder
        self.inputRate = inputRate
        do throws(ResamplerError) {
            resampler = try Resampler(from: inputRate, to: outputRate)
        } catch {
            throw .unsupportedRate(inputRate)
        }
    }

    func encode(_ samples: [Int16]) throws(EncodingError) -> [UInt8] {
        try encoder.encode(resampled { () throws(ResamplerError) in try resampler.resample(samples) })
    }

    func finish() throws(EncodingError) -> [UInt8] {
        let rest = try resampled { () throws(ResamplerError) in try resampler.finish() }
        return try encoder.encode(rest) + encoder.finish()
    }

    private func resampled(_ work: () throws(ResamplerError) -> [Int16]) throws(EncodingError) -> [Int16] {
        do throws(ResamplerError) {
            return try work()
        } catch {
            throw .unsupportedRate(inputRate)
        }
    }
}
