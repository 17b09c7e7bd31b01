private import CFlite
private import Glibc
internal import Wyoming

/// flite with its voices; flite keeps state of its own, so there is one in a process and one thread uses it at a time.
struct FliteSpeaker: ~Copyable {
    init() {
        flite_init()
    }

    /// Speaks a text.
    ///
    /// - Parameters:
    ///   - emit: Called as speech is made; returning false stops it.
    /// - Returns: False if flite could not make anything of the text.
    func speak(
        _ text: FliteText, voice: FliteVoice, manner: SpeechManner, emit: (SpeechOutput) -> Bool
    ) -> Bool {
        guard let handle = unsafe voice.handle, let stream = unsafe new_audio_streaming_info() else { return false }
        let replay = voice.canShift ? nil : FliteReplay(pitch: manner.pitch)
        let stretch =
            unsafe hearsay_flite_voice_number(handle, "duration_stretch", 1) / Float(manner.speed)
            * Float(replay?.pitch ?? 1)
        let shift = unsafe hearsay_flite_voice_number(handle, "f0_shift", 1) * Float(manner.pitch)
        // The noise of some voices comes from `rand`: the same text shall give the same samples, so that a clause can
        // be asked once more in mid-sentence.
        srand(1)
        unsafe stream.pointee.min_buffsize = FliteStream.firstSampleCount
        unsafe stream.pointee.asc = takeSamples
        return withoutActuallyEscaping(emit) { emit in
            var state = FliteStream(text: text, emit: emit, replay: replay)
            return unsafe withUnsafeMutablePointer(to: &state) { state in
                unsafe stream.pointee.userdata = UnsafeMutableRawPointer(state)
                let utterance = unsafe (text.bytes.map(CChar.init) + [0]).withUnsafeBufferPointer { bytes in
                    unsafe hearsay_flite_speak(bytes.baseAddress, handle, stretch, shift, stream)
                }
                guard let utterance = unsafe utterance else { return false }
                unsafe delete_utterance(utterance)
                unsafe state.pointee.finish()
                return true
            }
        }
    }
}

extension FliteVoice {
    /// The registered voice; registering again gives the same one.
    fileprivate var handle: UnsafeMutablePointer<cst_voice>? {
        switch self {
        case .slt: unsafe register_cmu_us_slt(nil)
        case .rms: unsafe register_cmu_us_rms(nil)
        case .awb: unsafe register_cmu_us_awb(nil)
        case .kal16: unsafe register_cmu_us_kal16(nil)
        }
    }
}

/// One utterance on its way out of flite.
private struct FliteStream {
    /// 40 ms: the first sound leaves early.
    static let firstSampleCount: Int32 = 640
    /// 200 ms: later a piece is cheaper than its event.
    static let laterSampleCount: Int32 = 3200

    let text: FliteText
    let emit: (SpeechOutput) -> Bool
    let replay: FliteReplay?
    var hasBegun = false
    var isCut = false

    /// - Returns: False when nobody wants more.
    mutating func begin(_ words: [SpokenWord]) -> Bool {
        hasBegun = true
        isCut = !emit(.words(replay?.words(words) ?? words))
        return !isCut
    }

    /// - Returns: False when nobody wants more.
    mutating func take(_ samples: UnsafeBufferPointer<Int16>) -> Bool {
        // The machines we build for store the low byte first, as the wire does.
        let pcm = unsafe replay?.bytes(samples) ?? [UInt8](UnsafeRawBufferPointer(samples))
        isCut = !pcm.isEmpty && !emit(.pcm(pcm))
        return !isCut
    }

    /// What was kept back.
    func finish() {
        guard !isCut, let rest = replay?.finish(), !rest.isEmpty else { return }
        _ = emit(.pcm(rest))
    }
}

/// Takes what flite has made; `wave` holds the whole utterance, of which `count` samples from `start` are new.
private func takeSamples(
    _ wave: UnsafePointer<cst_wave>?, _ start: Int32, _ count: Int32, _ isLast: Int32,
    _ stream: UnsafeMutablePointer<cst_audio_streaming_info>?
) -> Int32 {
    guard let wave = unsafe wave, let stream = unsafe stream, let userdata = unsafe stream.pointee.userdata,
        let samples = unsafe wave.pointee.samples
    else { return CST_AUDIO_STREAM_STOP }
    let state = unsafe userdata.assumingMemoryBound(to: FliteStream.self)
    unsafe stream.pointee.min_buffsize = FliteStream.laterSampleCount
    if unsafe !state.pointee.hasBegun {
        let walk = unsafe WordWalk(utterance: stream.pointee.utt, wave: wave, text: state.pointee.text)
        guard unsafe state.pointee.begin(walk.words()) else { return CST_AUDIO_STREAM_STOP }
    }
    if count <= 0 { return CST_AUDIO_STREAM_CONT }
    let piece = unsafe UnsafeBufferPointer(start: samples + Int(start), count: Int(count))
    return unsafe state.pointee.take(piece) ? CST_AUDIO_STREAM_CONT : CST_AUDIO_STREAM_STOP
}
