import { Outputs } from './outputs.js';
import { ScheduledPlayer } from './scheduled-player.js';
import { deliver } from './sink.js';

/** The rate at which the server sends: one rate from engine to loudspeaker, so nothing is resampled on the way. */
export const SAMPLE_RATE = 24_000;
const VOLUME = 'hearsay.volume';
const MUTED = 'hearsay.muted';
/** Long enough that a step of the volume does not crackle. */
const VOLUME_RAMP_S = 0.02;
/** A changed latency below this is not told. */
const LATENCY_STEP_S = 0.001;
/** What the way to the ear takes where the browser does not say; measured with PulseAudio: 35 to 50 ms. */
const USUAL_LATENCY_S = 0.05;
/**
 * Whether asking for the latency is safe. In Firefox on Linux the page then waits for the sound server, which may at that
 * moment wait for the page's own samples: now and then both wait for ever, and the tab is dead.
 */
const MAY_ASK_LATENCY = !/Linux.*Firefox\//.test(navigator.userAgent);
/** How long a loudspeaker may take to start after the click that allows it. */
const START_MS = 4_000;

/**
 * The loudspeaker of this page: whether it can sound, how loud, and where.
 *
 * Sends `change` when one of these changes, and `report` with what was heard.
 */
export class Sound extends EventTarget {
  outputs = new Outputs();
  /** Whether browsers withhold the audio worklet because the page came over plain HTTP from another machine. */
  isInsecure = !globalThis.isSecureContext;
  #context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
  #gain = this.#context.createGain();
  /** @type {AudioWorkletNode | ScheduledPlayer | null} */
  #player = null;
  #latency = 0;
  #isSilent = false;
  #isQuiet = false;
  #takesAnyDevice;

  /** @param {boolean} takesAnyDevice Whether a device that the browser does not show is good enough. */
  constructor(takesAnyDevice) {
    super();
    this.#takesAnyDevice = takesAnyDevice;
    this.#gain.gain.value = this.volume;
  }

  /**
   * Sets up the way from the worker to the loudspeaker.
   *
   * @param {MessagePort} link Where samples come from.
   */
  async start(link) {
    await this.outputs.refresh();
    if (this.isInsecure) this.#playHere(link);
    else await this.#playInWorklet(link);
    this.#gain.connect(this.#context.destination);
    await this.#applyChoice();
    this.#context.addEventListener('statechange', () => this.#changed());
    if (this.outputs.canChoose) navigator.mediaDevices.addEventListener('devicechange', () => this.lookAgain());
    this.#context.resume().catch(() => undefined);
  }

  // MARK: Whether it can sound

  /** @returns {import('../link/session.js').Readiness} */
  get readiness() {
    if (this.isMuted) return { ready: false, reason: 'muted' };
    if (!this.outputs.isAny && !this.#takesAnyDevice) return { ready: false, reason: 'no_device' };
    if (!this.isRunning) return { ready: false, reason: this.#isSilent ? 'no_device' : 'suspended' };
    if (this.#isQuiet) return { ready: false, reason: 'quiet_hours' };
    return { ready: true };
  }

  get isRunning() {
    return this.#context.state === 'running';
  }

  /** Seconds on the clock by which reports are stamped. */
  get now() {
    return this.#context.currentTime;
  }

  /** What the page's sound is measured by, for a picture of it; beside the path of the sound, not in it. */
  analyser() {
    const analyser = this.#context.createAnalyser();
    this.#gain.connect(analyser);
    return analyser;
  }

  /**
   * Ends the silence that browsers keep until the first click; call it from a click.
   *
   * Some browsers do not say that there is no loudspeaker: then the sound just never starts.
   */
  async enable() {
    const patience = new Promise((resolve) => setTimeout(resolve, START_MS));
    await Promise.race([this.#context.resume(), patience]);
    this.#isSilent = !this.isRunning;
    this.#changed();
  }

  get isMuted() {
    return sessionStorage.getItem(MUTED) === 'true';
  }

  set isMuted(isMuted) {
    sessionStorage.setItem(MUTED, String(isMuted));
    this.#changed();
  }

  /** @param {boolean} isQuiet Whether it is not to sound at this hour. */
  set isQuiet(isQuiet) {
    this.#isQuiet = isQuiet;
    this.#changed();
  }

  // MARK: How loud

  /** From 0.05 to 1: silence is what mute is for, because a muted page does not count as one that hears. */
  get volume() {
    const stored = Number(localStorage.getItem(VOLUME) ?? 1);
    return stored >= 0.05 && stored <= 1 ? stored : 1;
  }

  set volume(volume) {
    localStorage.setItem(VOLUME, String(volume));
    const { gain } = this.#gain;
    gain.cancelScheduledValues(0);
    gain.setValueAtTime(gain.value, this.now);
    gain.linearRampToValueAtTime(this.volume, this.now + VOLUME_RAMP_S);
    this.dispatchEvent(new Event('change'));
  }

  // MARK: Where

  /** @param {string} id Empty for the default of the system. */
  async choose(id) {
    this.outputs.choose(id);
    await this.#applyChoice();
    this.#changed();
  }

  /** Looks again for loudspeakers: one was plugged in or out. */
  async lookAgain() {
    await this.outputs.refresh();
    await this.#applyChoice();
    if (this.#isSilent) await this.enable();
    this.#changed();
  }

  async #applyChoice() {
    const id = this.outputs.current?.id ?? '';
    if (!this.#context.setSinkId || this.#context.sinkId === id) return;
    // A device can vanish between the look and the choice; then the default stays, and devicechange comes.
    await this.#context.setSinkId(id).catch(() => undefined);
  }

  // MARK: The path of the samples

  /** @param {MessagePort} link */
  async #playInWorklet(link) {
    await this.#context.audioWorklet.addModule('/web/sound/ring-processor.js');
    const node = new AudioWorkletNode(this.#context, 'hearsay-ring', {
      numberOfInputs: 0,
      outputChannelCount: [1],
      channelCountMode: 'explicit',
    });
    node.connect(this.#gain);
    node.port.onmessage = ({ data }) => this.#reported(data);
    node.port.postMessage({ type: 'link', port: link }, [link]);
    this.#player = node;
  }

  /** @param {MessagePort} link */
  #playHere(link) {
    const player = new ScheduledPlayer(this.#context, this.#gain, (report) => {
      link.postMessage(report);
      this.#reported(report);
    });
    link.onmessage = ({ data }) => deliver(data, player);
    this.#player = player;
  }

  /** @param {import('./channel-player.js').Report} report */
  #reported(report) {
    this.#measureLatency();
    this.dispatchEvent(new CustomEvent('report', { detail: report }));
  }

  #measureLatency() {
    const told = MAY_ASK_LATENCY ? this.#context.outputLatency || this.#context.baseLatency : 0;
    const seconds = told || USUAL_LATENCY_S;
    if (Math.abs(seconds - this.#latency) < LATENCY_STEP_S) return;
    this.#latency = seconds;
    if (this.#player instanceof ScheduledPlayer) this.#player.latency = seconds;
    else this.#player?.port.postMessage({ type: 'latency', seconds });
  }

  #changed() {
    this.#measureLatency();
    this.dispatchEvent(new Event('change'));
  }
}
