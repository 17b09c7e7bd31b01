import * as identity from '../identity/identity.js';
import { Tabs } from '../identity/tabs.js';
import { Link } from '../link/link.js';
import { SAMPLE_RATE, Sound } from '../sound/sound.js';
import { Jobs } from '../speech/jobs.js';

/** How long the browser may take to say whether sound is allowed, before the page asks for a click. */
const START_MS = 300;
/** From the first sample on the wire to the report that it was rendered, over the latency of the output. */
const START_LATENCY_MS = 100;

/** The page as a listener: brings link, sound and jobs together and has the view show them. */
export class Listening {
  #view;
  #link = new Link();
  #tabs = new Tabs();
  #sound = new Sound(identity.wantsAnyDevice());
  #jobs = new Jobs((listener) => this.#placeOf(listener));
  /** @type {import('../sound/channel-player.js').Report | null} The last of the job that sounds here. */
  #heard = null;

  /** @param {import('./view.js').View} view */
  constructor(view) {
    this.#view = view;
  }

  /** Prepares the sound, then connects. */
  async start() {
    const wire = new MessageChannel();
    const note = identity.takeNote();
    if (note) this.#jobs.restore(note.jobs);
    this.#offerControls();
    await this.#sound.start(wire.port2);
    await this.#untilRunning();
    this.#sound.addEventListener('change', () => this.#soundChanged());
    listen(this.#sound, 'report', (report) => this.#reported(report));
    this.#view.meter(this.#sound.analyser());
    this.#soundChanged();
    this.#view.showJobs(this.#jobs);
    this.#connect(wire.port1, note?.resume ?? null);
    window.addEventListener('pagehide', () => identity.leaveNote({ resume: this.#resumable(), jobs: this.#jobs }));
  }

  #offerControls() {
    this.#view.onEnable = () => this.#sound.enable();
    this.#view.onMute = () => (this.#sound.isMuted = !this.#sound.isMuted);
    this.#view.onVolume = (volume) => (this.#sound.volume = volume);
    this.#view.onChoose = (id) => this.#sound.choose(id);
    this.#view.onLookAgain = () => this.#sound.lookAgain();
    this.#view.onNames = () => this.#askForNames();
    this.#view.onFrame = () => this.#jobs.current?.words.at(this.#clock()) ?? null;
  }

  async #askForNames() {
    // Refused permission leaves the list as it was, and the browser has said so itself.
    await this.#sound.outputs.askForNames().catch(() => undefined);
    await this.#sound.lookAgain();
  }

  /** Waits until the browser lets the page sound, or has had time to. */
  #untilRunning() {
    if (this.#sound.isRunning) return undefined;
    return new Promise((resolve) => {
      setTimeout(resolve, START_MS);
      this.#sound.addEventListener('change', resolve, { once: true });
    });
  }

  /**
   * @param {MessagePort} sink
   * @param {import('../link/session.js').Resume | null} resume
   */
  #connect(sink, resume) {
    listen(this.#link, 'connection', (connection) => this.#connectionChanged(connection));
    listen(this.#link, 'listener', (listener) => (this.#tabs.own = listener));
    listen(this.#link, 'event', (event) => this.#receive(event));
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const settings = {
      url: `${scheme}//${location.host}/v1/ws`,
      token: identity.token(),
      output: identity.outputId(),
      device: identity.deviceName(),
      sampleRate: SAMPLE_RATE,
      startLatencyMs: START_LATENCY_MS,
      lastSeq: this.#jobs.lastSeq,
      resume,
    };
    this.#link.start(settings, sink, this.#sound.readiness);
  }

  // MARK: What happens

  #soundChanged() {
    this.#link.readiness = this.#sound.readiness;
    this.#view.showSound(this.#sound);
  }

  /** @param {import('../link/session.js').Connection} connection */
  #connectionChanged(connection) {
    this.#view.showConnection(connection);
    if (connection.state !== 'refused') return;
    if (connection.cause === 'token') identity.forgetToken();
    this.#view.askForLink(connection.cause);
  }

  /** @param {Record<string, any>} event */
  #receive(event) {
    if (this.#jobs.apply(event)) this.#view.showJobs(this.#jobs);
    else this.#view.mark();
  }

  /** @param {import('../sound/channel-player.js').Report} report */
  #reported(report) {
    if (report.state === 'underrun' || report.state === 'alive') return;
    const isOver = report.state !== 'started' && report.state !== 'progress';
    this.#heard = isOver ? null : report;
    this.#view.isSounding = !isOver;
    if (this.#jobs.hear(report.job, isOver)) this.#view.showJobs(this.#jobs);
  }

  // MARK: Where and when

  /**
   * @param {string} listener
   * @returns {import('../speech/jobs.js').Place}
   */
  #placeOf(listener) {
    if (listener === this.#tabs.own) return 'here';
    return this.#tabs.isOther(listener) ? 'other_tab' : 'elsewhere';
  }

  /** Where in its job the sound is that is heard now; null when the shown job does not sound here. */
  #clock() {
    const current = this.#jobs.current;
    if (!this.#heard || current?.id !== this.#heard.job) return null;
    return this.#heard.positionMs + (this.#sound.now - this.#heard.at) * 1000;
  }

  /** @returns {import('../link/session.js').Resume | null} */
  #resumable() {
    const position = this.#clock();
    if (!this.#heard || position === null || !this.#tabs.own) return null;
    return { listener_id: this.#tabs.own, job_id: this.#heard.job, received_ms: Math.floor(position) };
  }
}

/**
 * Hears events for what they carry.
 *
 * @param {EventTarget} target
 * @param {string} type
 * @param {(detail: any) => void} hear
 */
function listen(target, type, hear) {
  target.addEventListener(type, (event) => hear(/** @type {CustomEvent} */ (event).detail));
}
