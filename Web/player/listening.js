import * as identity from '../identity/identity.js';
import { Tabs } from '../identity/tabs.js';
import { Link } from '../link/link.js';
import { SAMPLE_RATE, Sound } from '../sound/sound.js';
import { Jobs } from '../speech/jobs.js';
import { Notifications } from './notifications.js';
import { Phone } from './phone.js';
import { Preferences } from './preferences.js';
import { QuietHours } from './quiet-hours.js';

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
  #preferences = new Preferences();
  #quiet = new QuietHours(this.#preferences.choices);
  #phone = new Phone();
  #notifications = new Notifications();
  /** @type {import('../sound/channel-player.js').Report | null} The last of the job that sounds here. */
  #heard = null;
  /** The volume that the server was told. */
  #told = 1;

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
    this.#offerChoices();
    await this.#sound.start(wire.port2);
    await this.#untilRunning();
    this.#sound.addEventListener('change', () => this.#soundChanged());
    listen(this.#sound, 'report', (report) => this.#reported(report));
    this.#view.meter(this.#sound.analyser());
    this.#soundChanged();
    this.#preferred();
    this.#showJobs();
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

  #offerChoices() {
    this.#view.onPrefer = (choices) => this.#preferences.change(choices);
    this.#view.onNotify = () => this.#askToNotify();
    this.#view.onLift = () => this.#quiet.lift();
    this.#view.onMuteVoice = (voice, isMuted) => {
      const others = this.#preferences.choices.mutedVoices.filter((each) => each !== voice);
      this.#preferences.change({ mutedVoices: isMuted ? [...others, voice] : others });
    };
    this.#phone.onMute = (isMuted) => (this.#sound.isMuted = isMuted);
    this.#preferences.addEventListener('change', () => this.#preferred());
    this.#quiet.addEventListener('change', () => (this.#sound.isQuiet = this.#quiet.isQuiet));
  }

  async #askToNotify() {
    this.#preferences.change({ notifies: await Notifications.ask() });
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
      savesData: this.#preferences.choices.savesData,
      trim: this.#trim(),
      lastSeq: this.#jobs.lastSeq,
      resume,
    };
    this.#link.start(settings, sink, this.#sound.readiness);
  }

  // MARK: What happens

  /** Follows what was chosen, here or in another tab. */
  #preferred() {
    const { choices } = this.#preferences;
    this.#view.showChoices(choices);
    this.#quiet.choices = choices;
    this.#sound.isQuiet = this.#quiet.isQuiet;
    this.#link.trim = this.#trim();
    this.#link.savesData = choices.savesData;
    this.#phone.keepsScreen = choices.keepsScreen;
    this.#phone.playsOn = choices.playsOn && this.#sound.isRunning;
  }

  /** @returns {import('../link/session.js').Trim} */
  #trim() {
    const { delayMs, mutedVoices } = this.#preferences.choices;
    return { volume: this.#sound.volume, delay_ms: delayMs, mute: { voices: mutedVoices } };
  }

  #showJobs() {
    this.#view.showJobs(this.#jobs);
    this.#phone.show(this.#jobs.current, this.#sound.isMuted);
  }

  /**
   * Shows a sentence as a notification where the page is not seen, or not heard.
   *
   * @param {Record<string, any>} event
   */
  #announce({ text, job_id }) {
    const isMissed = document.hidden || !this.#sound.readiness.ready;
    if (this.#preferences.choices.notifies && isMissed) this.#notifications.show(text, job_id);
  }

  #soundChanged() {
    this.#link.readiness = this.#sound.readiness;
    if (this.#told !== this.#sound.volume) this.#link.trim = this.#trim();
    this.#told = this.#sound.volume;
    this.#phone.playsOn = this.#preferences.choices.playsOn && this.#sound.isRunning;
    this.#phone.show(this.#jobs.current, this.#sound.isMuted);
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
    if (this.#jobs.apply(event)) this.#showJobs();
    else this.#view.mark();
    if (event.type === 'job.started') this.#announce(event);
  }

  /** @param {import('../sound/channel-player.js').Report} report */
  #reported(report) {
    if (report.state === 'underrun' || report.state === 'alive') return;
    const isOver = report.state !== 'started' && report.state !== 'progress';
    this.#heard = isOver ? null : report;
    this.#view.isSounding = !isOver;
    if (this.#jobs.hear(report.job, isOver)) this.#showJobs();
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
