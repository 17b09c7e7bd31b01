private import Synchronization
internal import Wyoming

/// flite behind the events of a worker.
final class FliteEngine: WorkerEngine {
    private let speaker = Mutex(FliteSpeaker())

    var info: Info { FliteVoice.program }

    var shape: AudioShape { AudioShape(rate: FliteVoice.sampleRate) }

    func speak(_ request: SynthesizeRequest, emit: (SpeechOutput) -> Bool) throws(SpeechRefusal) {
        guard let voice = request.voice.map(FliteVoice.init(name:)) ?? .standard else {
            throw SpeechRefusal("there is no such voice", code: "unknown_voice")
        }
        let text = FliteText(request.text)
        guard text.isSpeakable else { return }
        let isSpoken = speaker.withLock {
            $0.speak(text, voice: voice, manner: SpeechManner(request), emit: emit)
        }
        guard isSpoken else { throw SpeechRefusal("flite made nothing", code: "engine_failed") }
    }
}
