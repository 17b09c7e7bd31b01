import { HearingLink } from './hearing-link.js';
import { Microphone } from './microphone.js';
import { RATE } from './own-source.js';
import { canEncodeOpus } from './speech-encoder.js';
import { Transcripts } from './transcripts.js';

const STORED = 'hearsay.microphone';
const USUAL = { hasHeadphones: false, pushesToTalk: false, records: false, savesData: false, speaker: '' };

/**
 * What can be done about each obstacle.
 *
 * @type {Record<import('./microphone.js').Obstacle, string>}
 */
const ADVICE = {
  insecure:
    'Browsers give a microphone only to pages that came over https or from this machine. Open the page by https, or ' +
    `run ssh -L ${location.port || '80'}:localhost:${location.port || '80'} ${location.hostname} and use localhost.`,
  refused: 'The browser was not allowed to use the microphone. Its address bar offers to allow it.',
  absent: 'The browser sees no microphone on this machine.',
  busy: 'The microphone is in use by another program, or the system does not let the browser have it.',
  away: 'The server does not answer, and the page needs a part of itself from there to open the microphone.',
  failed: 'The microphone could not be opened.',
};
const NOT_ALLOWED =
  'This link may not send a microphone. Make one that may: hearsay token create --scope listen,events,capture';

/**
 * Brings a microphone, its controls and what is heard together. Sends `connection`, `change` when there is something new to
 * see, and each `event` as it happens.
 */
export class Hearing extends EventTarget {
  transcripts = new Transcripts();
  #microphone = new Microphone();
  #link;
  #controls;
  #token;
  /** With what the microphone was opened. */
  #choices = USUAL;
  #title = document.title;

  /**
   * @param {string} token
   * @param {import('../components/hearsay-microphone.js').HearsayMicrophone} controls
   * @param {boolean} follows Whether to follow what all sources say from the start, and what they said before.
   */
  constructor(token, controls, follows) {
    super();
    this.#controls = controls;
    this.#token = token;
    this.#link = new HearingLink(token, follows);
    controls.choices = { ...USUAL, ...JSON.parse(localStorage.getItem(STORED) ?? '{}') };
    this.#listenToControls();
    this.#listenToLink();
    this.#listenToMicrophone();
    canEncodeOpus(RATE).then((canPack) => (controls.canSaveData = canPack));
    if (!Microphone.isPossible) controls.fault = ADVICE.insecure;
    if (follows) this.#link.start();
  }

  #listenToControls() {
    const controls = this.#controls;
    controls.addEventListener('toggle', () => (this.#link.source === '' ? this.#begin() : this.#end()));
    controls.addEventListener('talk', () => (this.#link.isPaused = !controls.isTalking));
    controls.addEventListener('go-on', () => (this.#link.isPaused = false));
    controls.addEventListener('choose', () => this.#chosen());
  }

  #listenToLink() {
    listen(this.#link, 'event', ({ event, isOld }) => {
      if (this.transcripts.apply(event)) this.dispatchEvent(new Event('change'));
      if (!isOld) this.dispatchEvent(new CustomEvent('event', { detail: event }));
    });
    listen(this.#link, 'connection', (connection) => {
      if (connection.state === 'connected') this.#lookAround();
      this.dispatchEvent(new CustomEvent('connection', { detail: connection }));
    });
    listen(this.#link, 'source', (state) => this.#sourceChanged(state));
    listen(this.#link, 'rest', (isUnderWay) => (this.#controls.hasRest = isUnderWay));
    listen(this.#link, 'lost', (ms) => {
      this.#controls.fault = `The server was away: the last ${(ms / 1_000).toFixed(1)} s of what was said did not reach it.`;
    });
    listen(this.#link, 'refused', ({ code, message }) => {
      this.#controls.fault = code === 'not_allowed' ? NOT_ALLOWED : `The server refused the microphone: ${message}`;
    });
  }

  /** Learns of the microphones that were open before. */
  async #lookAround() {
    const headers = { Authorization: `Bearer ${this.#token}` };
    // A server that is just going away is asked again with the next connection.
    const answer = await fetch('/v1/sources', { headers }).catch(() => null);
    if (!answer?.ok) return;
    for (const source of (await answer.json()).sources) this.transcripts.apply({ ...source, type: 'source.updated' });
    this.dispatchEvent(new Event('change'));
  }

  #listenToMicrophone() {
    listen(this.#microphone, 'capture', ({ samples, level }) => {
      this.#link.add(samples);
      this.#controls.level = level;
    });
    this.#microphone.addEventListener('ended', () => {
      this.#end();
      this.#controls.fault = ADVICE.absent;
    });
  }

  async #begin() {
    const controls = this.#controls;
    controls.fault = '';
    controls.state = 'asking';
    this.#choices = controls.choices;
    const { hasHeadphones, pushesToTalk, ...wishes } = this.#choices;
    // What was chosen in another browser may be more than this one can.
    wishes.savesData &&= await canEncodeOpus(RATE);
    const obstacle = await this.#microphone.start(hasHeadphones);
    if (obstacle) {
      controls.state = 'off';
      controls.fault = ADVICE[obstacle];
      return;
    }
    await this.#link.open(wishes, pushesToTalk);
  }

  #end() {
    this.#microphone.stop();
    this.#link.close();
  }

  async #chosen() {
    const before = this.#choices;
    const { hasHeadphones, pushesToTalk, records, savesData } = (this.#choices = this.#controls.choices);
    localStorage.setItem(STORED, JSON.stringify(this.#choices));
    if (this.#link.source === '') return;
    if (savesData !== before.savesData) {
      // A source is sent in one way from its beginning to its end.
      this.#end();
      return this.#begin();
    }
    this.#link.records = records;
    if (pushesToTalk !== before.pushesToTalk) this.#link.isPaused = pushesToTalk;
    if (hasHeadphones === before.hasHeadphones) return;
    const obstacle = await this.#microphone.start(hasHeadphones);
    if (obstacle) {
      this.#end();
      this.#controls.fault = ADVICE[obstacle];
    }
  }

  /** @param {import('./hearing-link.js').SourceState} state */
  #sourceChanged(state) {
    if (state === 'off') this.#microphone.stop();
    this.#controls.isKept = this.#link.records;
    this.#controls.state = state;
    document.title = state === 'on' ? `● ${this.#title}` : this.#title;
    document.body.toggleAttribute('data-recording', state === 'on');
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
