internal import CSherpa

/// How a model takes noise away.
package enum DenoiserFamily: String, CaseIterable, Hashable, Sendable {
    case gtcrn = "GTCRN"
    case dpdfnet = "DPDFNet"
}

/// A loaded model that takes noise away from one source, as its sound comes; one thread uses it at a time.
///
/// `@unchecked Sendable`: the handle has one owner, since the value cannot be copied, and the library ties it to no thread.
@safe package struct Denoiser: ~Copyable, @unchecked Sendable {
    private let library: SherpaLibrary
    private let handle: UnsafeRawPointer
    /// Of what it gives, in hertz.
    package let sampleRate: Int

    /// Loads a model; one that the library does not understand may end the process instead.
    ///
    /// - Returns: Nil where the library refuses the file.
    package static func open(_ family: DenoiserFamily, file: String, library: SherpaLibrary) -> Denoiser? {
        let name = CNames()
        var settings = unsafe hearsay_sherpa_denoiser()
        switch family {
        case .gtcrn: unsafe settings.gtcrn = name(file)
        case .dpdfnet: unsafe settings.dpdfnet = name(file)
        }
        // A piece of 20 ms has too little work in it for more.
        unsafe settings.thread_count = 1
        unsafe settings.provider = name("cpu")
        guard let handle = unsafe library.functions.open_denoiser(&settings) else { return nil }
        return withExtendedLifetime(name) { unsafe Denoiser(handle: handle, library: library) }
    }

    private init(handle: UnsafeRawPointer, library: SherpaLibrary) {
        self.library = library
        unsafe self.handle = unsafe handle
        sampleRate = unsafe Int(library.functions.denoiser_rate(handle))
    }

    deinit { unsafe library.functions.close_denoiser(handle) }

    /// Takes what came next: mono samples at 16 kHz, -1 to 1.
    ///
    /// - Returns: What is done by now, some milliseconds less than came.
    package func clean(_ samples: [Float]) -> [Float] {
        unsafe Self.take(library.functions.denoise(handle, samples, Int32(samples.count), 16_000), library)
    }

    /// Gives the rest; what comes next has nothing to do with what came before.
    package func finish() -> [Float] { unsafe Self.take(library.functions.flush_denoiser(handle), library) }

    private static func take(_ audio: UnsafePointer<hearsay_sherpa_denoised>?, _ library: SherpaLibrary) -> [Float] {
        guard let audio = unsafe audio else { return [] }
        defer { unsafe library.functions.release_denoised(audio) }
        return unsafe SherpaText.numbers(audio.pointee.samples, count: audio.pointee.count)
    }
}
