/**
 * @typedef {'insecure' | 'refused' | 'absent' | 'busy' | 'away' | 'failed'} Obstacle Why there is no microphone.
 *
 * @typedef {{samples: Int16Array, level: number}} Capture 60 ms at 16 kHz, and how loud they are in dB.
 */

/** @type {Record<string, Obstacle>} */
const OBSTACLES = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'absent',
  OverconstrainedError: 'absent',
  NotReadableError: 'busy',
  NetworkError: 'away',
};

/** The microphone of this browser. Sends `capture` for what it hears and `ended` when it was unplugged or taken away. */
export class Microphone extends EventTarget {
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {AudioContext | null} */
  #context = null;

  /** Whether the browser gives this page a microphone at all. */
  static get isPossible() {
    return window.isSecureContext && !!navigator.mediaDevices?.getUserMedia && typeof AudioWorkletNode !== 'undefined';
  }

  /**
   * Begins to hear; the browser may ask its user, so call it from a click.
   *
   * @param {boolean} hasHeadphones Whether no loudspeaker is heard, so that the voice can come as it is.
   * @returns {Promise<Obstacle | null>} Null once it hears.
   */
  async start(hasHeadphones) {
    if (!Microphone.isPossible) return 'insecure';
    this.stop();
    const isCleaned = !hasHeadphones;
    const audio = { echoCancellation: isCleaned, noiseSuppression: isCleaned, autoGainControl: isCleaned };
    try {
      await this.#open(await navigator.mediaDevices.getUserMedia({ audio }));
      return null;
    } catch (error) {
      this.stop();
      return OBSTACLES[/** @type {DOMException} */ (error).name] ?? 'failed';
    }
  }

  /** Lets go of the microphone. */
  stop() {
    for (const track of this.#stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    this.#context?.close();
    this.#stream = null;
    this.#context = null;
  }

  /** @param {MediaStream} stream */
  async #open(stream) {
    this.#stream = stream;
    // At whatever rate the browser likes: Firefox connects a microphone to no other, and the worklet resamples.
    const context = new AudioContext({ latencyHint: 'interactive' });
    this.#context = context;
    await context.audioWorklet.addModule('/web/hearing/capture-processor.js').catch(() => {
      throw new DOMException('The server is away', 'NetworkError');
    });
    const node = new AudioWorkletNode(context, 'hearsay-capture', { numberOfOutputs: 0 });
    node.port.onmessage = ({ data }) => {
      if (context === this.#context) this.dispatchEvent(new CustomEvent('capture', { detail: data }));
    };
    context.createMediaStreamSource(stream).connect(node);
    for (const track of stream.getAudioTracks()) track.onended = () => this.#lost();
    await context.resume();
  }

  #lost() {
    this.stop();
    this.dispatchEvent(new Event('ended'));
  }
}
