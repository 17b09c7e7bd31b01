private import CSoxr

/// Why audio was not resampled.
package enum ResamplerError: Error, Hashable, Sendable {
    /// A rate is not from 1,000 to 384,000 Hz.
    case unsupportedRates(input: Int, output: Int)
    /// The library refused; only lack of memory does that.
    case failed
}

/// Changes the sample rate of one stream of mono audio.
///
/// Works with soxr's high quality (20 bits, passband to 91 % of the lower rate). A call may keep back what the filter
/// needs to look ahead (some 10 ms; the first calls may give nothing) and gives it with a later one; nothing is shifted
/// in time. Equal rates leave every sample as it is.
@safe package struct Resampler: ~Copyable {
    private let inputRate: Int
    private let outputRate: Int
    private let handle: soxr_t?
    private var inputCount = 0
    private var outputCount = 0

    /// - Parameters:
    ///   - inputRate: Samples per second of what goes in, 1,000 to 384,000.
    ///   - outputRate: Samples per second of what comes out, 1,000 to 384,000.
    package init(from inputRate: Int, to outputRate: Int) throws(ResamplerError) {
        unsafe handle = try Self.open(inputRate, outputRate)
        self.inputRate = inputRate
        self.outputRate = outputRate
    }

    deinit {
        if let handle = unsafe handle { unsafe soxr_delete(handle) }
    }

    /// Resamples the next piece of the stream.
    package mutating func resample(_ samples: [Int16]) throws(ResamplerError) -> [Int16] {
        inputCount += samples.count
        guard unsafe handle != nil else {
            outputCount += samples.count
            return samples
        }
        guard !samples.isEmpty else { return [] }
        var output: [Int16] = []
        var position = 0
        while position < samples.count {
            let (taken, piece) = try process(samples[position...])
            guard taken > 0 || !piece.isEmpty else { throw .failed }
            position += taken
            output += piece
        }
        outputCount += output.count
        return output
    }

    /// Ends the stream.
    ///
    /// - Returns: What was kept back; all output together is then as long as the input, to half a sample.
    package mutating func finish() throws(ResamplerError) -> [Int16] {
        guard unsafe handle != nil, inputCount > 0 else { return [] }
        let total = (inputCount * outputRate + inputRate / 2) / inputRate
        var output: [Int16] = []
        while outputCount + output.count < total {
            let piece = try process(nil).output
            guard !piece.isEmpty else { break }
            output += piece
        }
        let excess = outputCount + output.count - total
        if excess > 0 { output.removeLast(min(excess, output.count)) }
        outputCount += output.count
        return output
    }

    private static func open(_ inputRate: Int, _ outputRate: Int) throws(ResamplerError) -> soxr_t? {
        let rates = 1_000...384_000
        guard rates.contains(inputRate), rates.contains(outputRate) else {
            throw .unsupportedRates(input: inputRate, output: outputRate)
        }
        guard inputRate != outputRate else { return nil }
        // Dither would make equal input give unequal output.
        var io = unsafe soxr_io_spec(SOXR_INT16_I, SOXR_INT16_I)
        unsafe io.flags = UInt(SOXR_NO_DITHER)
        var quality = unsafe soxr_quality_spec(UInt(SOXR_HQ), 0)
        var runtime = unsafe soxr_runtime_spec(1)
        var error: soxr_error_t?
        let handle = unsafe soxr_create(
            Double(inputRate), Double(outputRate), 1, &error, &io, &quality, &runtime)
        guard let handle = unsafe handle, unsafe error == nil else { throw .failed }
        return unsafe handle
    }

    /// Gives samples, or nil for the end of the stream, to the library once.
    private func process(_ samples: ArraySlice<Int16>?) throws(ResamplerError) -> (taken: Int, output: [Int16]) {
        let room = (samples?.count ?? 0) * outputRate / inputRate + 1_024
        var taken = 0
        var failed = false
        let output = unsafe [Int16](unsafeUninitializedCapacity: room) { buffer, count in
            let error: soxr_error_t?
            if let samples {
                unsafe error = samples.withUnsafeBufferPointer { input in
                    unsafe soxr_process(
                        handle, input.baseAddress, input.count, &taken, buffer.baseAddress, room, &count)
                }
            } else {
                unsafe error = soxr_process(handle, nil, 0, nil, buffer.baseAddress, room, &count)
            }
            failed = unsafe error != nil
        }
        guard !failed else { throw .failed }
        return (taken, output)
    }
}
