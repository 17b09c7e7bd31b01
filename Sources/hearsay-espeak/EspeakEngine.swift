private import Synchronization
internal import Wyoming

/// espeak-ng behind the events of a worker.
final class EspeakEngine: WorkerEngine {
    let info: Info
    let shape: AudioShape
    private let catalogue: EspeakCatalogue
    private let speaker: Mutex<EspeakSpeaker>

    /// - Returns: Nil where espeak-ng does not find its data.
    init?() {
        guard let speaker = EspeakSpeaker() else { return nil }
        catalogue = EspeakCatalogue(languages: EspeakLanguage.all())
        shape = AudioShape(rate: speaker.sampleRate)
        info = catalogue.info(sampleRate: speaker.sampleRate)
        self.speaker = Mutex(speaker)
    }

    func speak(_ request: SynthesizeRequest, emit: (SpeechOutput) -> Bool) throws(SpeechRefusal) {
        guard let voice = catalogue.voice(named: request.voice, language: request.language) else {
            throw SpeechRefusal("there is no such voice", code: "unknown_voice")
        }
        guard let speech = speaker.withLock({ $0.speak(request, voice: voice) }) else {
            throw SpeechRefusal("espeak-ng made nothing", code: "engine_failed")
        }
        guard !speech.samples.isEmpty, emit(.words(speech.words)) else { return }
        // 200 ms a piece, so that a reader that is gone is noticed.
        let pieceLength = shape.rate / 5
        var start = 0
        while start < speech.samples.count {
            let end = min(speech.samples.count, start + pieceLength)
            guard emit(.pcm(speech.bytes(start..<end))) else { return }
            start = end
        }
    }
}
