internal import CSilero

/// Why there is no network that tells speech, in the library's words.
package struct SileroError: Error, Hashable, CustomStringConvertible {
    package let description: String
}

/// The network that tells speech, for any number of sources.
@safe package final class SileroNetwork: Sendable {
    /// The network's file, as its makers name it.
    package static let fileName = "silero_vad.onnx"

    /// What the network remembers of one source.
    package struct Source: Sendable {
        fileprivate var state = hearsay_silero_source()

        package init() {}
    }

    /// It is made once, never freed, and may be used by several threads.
    nonisolated(unsafe) private let network: OpaquePointer

    /// - Parameters:
    ///   - model: The path of the network's file.
    ///   - folder: Where onnxruntime lies; nil for `sherpa` beside this executable.
    package init(model: String, library folder: String? = nil) throws(SileroError) {
        var problem: UnsafePointer<CChar>?
        let library = "\(folder ?? SherpaLibrary.programFolder + "/sherpa")/libonnxruntime.so"
        guard let network = unsafe hearsay_silero_open(library, model, &problem) else {
            throw SileroError(description: unsafe problem.map { unsafe String(cString: $0) } ?? "it does not load")
        }
        unsafe self.network = network
    }

    /// How likely the next window of a source holds speech; nil when the network failed.
    ///
    /// - Parameter window: 512 samples at 16 kHz.
    package func probability(of window: some Collection<Int16>, in source: inout Source) -> Float? {
        precondition(window.count == hearsay_silero_window, "the network hears windows of one length")
        unsafe withUnsafeMutableBytes(of: &source.state.samples) { bytes in
            let samples = unsafe bytes.assumingMemoryBound(to: Float.self)
            var place = Int(hearsay_silero_context)
            for sample in window {
                unsafe samples[place] = Float(sample) / 32_768
                place += 1
            }
        }
        let probability = unsafe hearsay_silero_hear(network, &source.state)
        return probability < 0 ? nil : probability
    }
}
