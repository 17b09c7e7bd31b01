internal import CSherpa
private import Glibc

/// What is to be spoken by a model.
package struct SherpaSpeech: Sendable {
    package var text: String
    /// The text's sounds as the model's tokens name them, a list for each sentence; empty where the model reads text.
    package var phonemes: [[Int32]] = []
    /// Counted from 0.
    package var speaker = 0
    /// How much faster than the model's own pace.
    package var speed: Float = 1
    /// The voice to speak with, for models that imitate one.
    package var reference: SherpaReference?
    /// More that only one family understands, as a JSON object.
    package var extra = ""

    package init(text: String) {
        self.text = text
    }
}

/// A recording of the voice to imitate.
package struct SherpaReference: Hashable, Sendable {
    /// Mono, -1 to 1.
    package var samples: [Float]
    package var sampleRate: Int

    package init(samples: [Float], sampleRate: Int) {
        self.samples = samples
        self.sampleRate = sampleRate
    }
}

/// A loaded speech model; one thread uses it at a time.
///
/// `@unchecked Sendable`: the handle has one owner, since the value cannot be copied, and the library ties it to no thread.
@safe package struct SherpaVoice: ~Copyable, @unchecked Sendable {
    private let library: SherpaLibrary
    private let handle: UnsafeRawPointer
    /// Of everything it makes, in hertz.
    package let sampleRate: Int
    /// At least 1.
    package let speakerCount: Int

    /// How often models that work by steps refine a sentence: what their makers recommend; fewer are quicker and rougher.
    private static let stepCount: Int32 = 5

    /// Loads a model; one that the library does not understand may end the process instead.
    ///
    /// - Returns: Nil where the library refuses the files.
    package static func open(_ files: VoiceFiles, threadCount: Int, library: SherpaLibrary) -> SherpaVoice? {
        let settings = VoiceSettings(files, threadCount: threadCount)
        guard let handle = unsafe library.functions.open_voice(&settings.values) else { return nil }
        return unsafe SherpaVoice(handle: handle, library: library)
    }

    private init(handle: UnsafeRawPointer, library: SherpaLibrary) {
        self.library = library
        unsafe self.handle = unsafe handle
        sampleRate = unsafe Int(library.functions.voice_rate(handle))
        speakerCount = max(1, unsafe Int(library.functions.speaker_count(handle)))
    }

    deinit { unsafe library.functions.close_voice(handle) }

    /// Speaks a text.
    ///
    /// - Parameter take: Gets mono samples, -1 to 1, a sentence at a time; returning false stops.
    /// - Returns: False if the model made nothing of the text.
    package func speak(_ speech: SherpaSpeech, take: ([Float]) -> Bool) -> Bool {
        withoutActuallyEscaping(take) { take in
            var stream = SherpaStream(take: take)
            unsafe withUnsafeMutablePointer(to: &stream) { stream in
                unsafe withRequest(speech) { request in
                    let context = UnsafeMutableRawPointer(stream)
                    let audio = unsafe library.functions.speak(handle, speech.text, &request, takeSamples, context)
                    guard let audio = unsafe audio else { return }
                    // Some families hand over nothing on the way.
                    if unsafe !stream.pointee.hasSound {
                        _ = unsafe takeSamples(audio.pointee.samples, audio.pointee.count, 1, context)
                    }
                    unsafe library.functions.release_audio(audio)
                }
            }
            return stream.hasSound
        }
    }

    private func withRequest(_ speech: SherpaSpeech, _ body: (inout hearsay_sherpa_speech) -> Void) {
        let counts = speech.phonemes.map { Int32($0.count) }
        let phonemes = speech.phonemes.flatMap(\.self)
        let reference = speech.reference?.samples ?? []
        unsafe phonemes.withUnsafeBufferPointer { phonemes in
            unsafe counts.withUnsafeBufferPointer { counts in
                unsafe reference.withUnsafeBufferPointer { reference in
                    unsafe speech.extra.withCString { extra in
                        var request = unsafe hearsay_sherpa_speech()
                        unsafe (request.speed, request.silence_scale) = (speech.speed, 1)
                        unsafe request.step_count = Self.stepCount
                        unsafe request.speaker = Int32(speech.speaker)
                        unsafe request.extra = speech.extra.isEmpty ? nil : extra
                        if !counts.isEmpty {
                            unsafe request.phonemes = phonemes.baseAddress
                            unsafe request.phoneme_counts = counts.baseAddress
                            unsafe request.phoneme_sentence_count = Int32(counts.count)
                        }
                        if let voice = speech.reference {
                            unsafe request.reference = reference.baseAddress
                            unsafe request.reference_count = Int32(reference.count)
                            unsafe request.reference_rate = Int32(voice.sampleRate)
                        }
                        unsafe body(&request)
                    }
                }
            }
        }
    }
}

/// Speech on its way out of the library.
private struct SherpaStream {
    let take: ([Float]) -> Bool
    var hasSound = false
}

/// Takes what was made; 0 stops.
private func takeSamples(
    _ samples: UnsafePointer<Float>?, _ count: Int32, _ progress: Float, _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context = unsafe context, let samples = unsafe samples, count > 0 else { return 1 }
    let stream = unsafe context.assumingMemoryBound(to: SherpaStream.self)
    unsafe stream.pointee.hasSound = true
    let piece = unsafe [Float](UnsafeBufferPointer(start: samples, count: Int(count)))
    return unsafe stream.pointee.take(piece) ? 1 : 0
}
