import { make } from '../components/make.js';
import { tokenIn } from '../identity/identity.js';

/** @typedef {import('../speech/words.js').Span} Span */

/** How much of what was heard stands beside what is said. */
const HEARD = 3;

/** The elements of the player page: shows what it is given and says what was pressed. */
export class View {
  onEnable = () => {};
  onMute = () => {};
  onLookAgain = () => {};
  onNames = () => {};
  /** @type {(volume: number) => void} */
  onVolume = () => {};
  /** @type {(id: string) => void} */
  onChoose = () => {};
  /** @type {(choices: Partial<import('./preferences.js').Choices>) => void} */
  onPrefer = () => {};
  /** @type {(voice: string, isMuted: boolean) => void} */
  onMuteVoice = () => {};
  onNotify = () => {};
  onLift = () => {};
  /** @type {(token: string) => void} */
  onLink = () => {};
  /** @type {() => Span | null} The word that is spoken now. */
  onFrame = () => null;

  #connection = find('hearsay-connection');
  #form = find('hearsay-link-form');
  #button = find('hearsay-sound-button');
  #now = find('hearsay-now');
  #level = find('hearsay-level');
  /** The controls of the microphone. */
  microphone = find('hearsay-microphone');
  #transcript = find('hearsay-transcript');
  #log = find('hearsay-log');
  #queue = find('hearsay-queue');
  #volume = find('hearsay-volume');
  #outputs = find('hearsay-outputs');
  #settings = find('hearsay-settings');
  #shortcuts = find('hearsay-shortcuts');
  #frame = 0;
  #isConnected = false;
  #isReady = false;

  constructor() {
    this.#button.addEventListener('remedy', () => this.#remedy());
    this.#volume.addEventListener('mute', () => this.onMute());
    this.#volume.addEventListener('volume', () => this.onVolume(this.#volume.volume));
    this.#outputs.addEventListener('choose', () => this.onChoose(this.#outputs.chosen));
    this.#outputs.addEventListener('names', () => this.onNames());
    this.#settings.addEventListener('choose', (event) => this.onPrefer(/** @type {CustomEvent} */ (event).detail));
    this.#settings.addEventListener('unmute', (event) => this.onMuteVoice(/** @type {CustomEvent} */ (event).detail, false));
    this.#settings.addEventListener('notify', () => this.onNotify());
    this.#now.addEventListener('mute-voice', (event) => this.onMuteVoice(/** @type {CustomEvent} */ (event).detail, true));
    this.#form.addEventListener('link', () => this.#pasted());
    find('#help').addEventListener('click', () => this.#shortcuts.open());
    this.#shortcuts.shortcuts = [
      { key: 'l', label: 'Listen: enable sound', run: () => this.onEnable() },
      { key: 'm', label: 'Mute or unmute this page', run: () => this.onMute() },
      { key: '-', label: 'Quieter', run: () => this.onVolume(Math.max(0.05, this.#volume.volume - 0.1)) },
      { key: '+', label: 'Louder', run: () => this.onVolume(Math.min(1, this.#volume.volume + 0.1)) },
    ];
  }

  /** @param {import('../link/session.js').Connection} connection */
  showConnection(connection) {
    this.#connection.connection = connection;
    this.#isConnected = connection.state === 'connected';
    if (this.#isConnected) this.#form.hidden = true;
    this.#sayIdle();
  }

  /** @param {'none' | 'token' | 'forbidden' | 'listener'} cause */
  askForLink(cause) {
    if (cause === 'none') this.#connection.connection = { state: 'unlinked' };
    this.#form.ask(cause);
    document.body.dataset.link = 'needed';
  }

  /** @param {import('../sound/sound.js').Sound} sound */
  showSound({ readiness, isInsecure, isMuted, volume, outputs }) {
    this.#button.state = readiness.ready ? 'ready' : readiness.reason;
    this.#volume.isMuted = isMuted;
    this.#volume.volume = volume;
    this.#outputs.outputs = outputs;
    this.#log.isAnnounced = !readiness.ready;
    this.#isReady = readiness.ready;
    this.#sayIdle();
    find('#insecure').hidden = !isInsecure;
    if (isInsecure) find('#insecure').replaceChildren(...insecureAdvice());
  }

  /** @param {import('./preferences.js').Choices} choices */
  showChoices(choices) {
    this.#settings.choices = choices;
    this.#button.quietUntil = choices.quietTo;
  }

  /** @param {import('../hearing/hearing.js').Hearing} hearing */
  showHearing(hearing) {
    hearing.addEventListener('change', () => {
      const lines = hearing.transcripts.lines.slice(-HEARD);
      this.#transcript.hidden = lines.length === 0;
      this.#transcript.lines = lines;
    });
  }

  #sayIdle() {
    const words = this.#isConnected ? 'Ready for the next sentence.' : 'Waiting for the server.';
    this.#now.idle = this.#isReady ? words : '';
  }

  /** @param {import('../speech/jobs.js').Jobs} jobs */
  showJobs({ current, queued, said }) {
    this.#now.show(current);
    this.#queue.entries = [...queued.values()];
    this.#log.entries = said;
    this.mark();
  }

  /** Marks the word that is spoken now. */
  mark() {
    this.#now.mark(this.onFrame());
  }

  /** @param {AnalyserNode} analyser */
  meter(analyser) {
    this.#level.analyser = analyser;
  }

  /** @param {boolean} isSounding Whether something sounds here: only then is there anything to draw. */
  set isSounding(isSounding) {
    cancelAnimationFrame(this.#frame);
    if (isSounding) this.#frame = requestAnimationFrame(() => this.#draw());
    else this.#level.rest();
  }

  #draw() {
    this.mark();
    this.#level.draw();
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #remedy() {
    if (this.#button.state === 'suspended') this.onEnable();
    if (this.#button.state === 'muted') this.onMute();
    if (this.#button.state === 'no_device') this.onLookAgain();
    if (this.#button.state === 'quiet_hours') this.onLift();
  }

  #pasted() {
    const token = tokenIn(this.#form.value);
    if (token) this.onLink(token);
    else this.#form.reject();
  }
}

/** What can be done about an insecure origin. */
function insecureAdvice() {
  const port = location.port || '80';
  return [
    'This page came over plain HTTP from another machine, so the browser gives it simpler sound and no choice of ' +
      'loudspeaker. It plays, but may stutter when the page is busy. For the full player use https, or run ',
    make('code', {}, `ssh -L ${port}:localhost:${port} ${location.hostname}`),
    ' and open ',
    make('code', {}, `http://localhost:${port}/player`),
    ' with the same link.',
  ];
}

/**
 * @template {string} Name
 * @param {Name} selector
 * @returns {Name extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[Name] : HTMLElement}
 */
function find(selector) {
  const element = document.querySelector(selector);
  if (!element) throw new Error(`the page lacks ${selector}`);
  return /** @type {any} */ (element);
}
