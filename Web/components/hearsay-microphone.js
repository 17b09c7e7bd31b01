import { make } from './make.js';
import { symbol } from './symbols.js';

/**
 * @typedef {'off' | 'asking' | 'on' | 'paused'} MicrophoneState
 *
 * @typedef {object} Choices What was chosen for the microphone.
 * @property {boolean} hasHeadphones
 * @property {boolean} pushesToTalk
 * @property {boolean} records Whether the sound of drafts is to be kept.
 * @property {boolean} savesData Whether it is sent as Opus.
 * @property {string} speaker Who speaks here; empty where nobody said.
 */

/** What a meter shows, in dB. */
const QUIETEST = -60;

/** @type {Record<MicrophoneState, string>} */
const WORDS = { off: 'Microphone', asking: 'Waiting for permission', on: 'Stop', paused: 'Stop' };

/**
 * The microphone's controls: `<hearsay-microphone>`.
 *
 * Sends `toggle` when it is to begin or to stop, `talk` when the push-to-talk button is pressed or let go, `choose` when a
 * choice was changed, `go-on` when a pause from elsewhere is to end.
 */
export class HearsayMicrophone extends HTMLElement {
  #button = make('button', { type: 'button', class: 'toggle', 'aria-pressed': 'false' });
  #talk = make('button', { type: 'button', class: 'primary talk' }, 'Hold to talk');
  #goOn = make('button', { type: 'button', class: 'plain' }, 'Go on');
  #sign = make('p', { class: 'recording', role: 'status' });
  #meter = make('meter', { min: String(QUIETEST), max: '0', low: '-45', optimum: '-20', 'aria-label': 'Level of the microphone' });
  #headphones = make('input', { type: 'checkbox', id: 'headphones' });
  #pushes = make('input', { type: 'checkbox', id: 'push-to-talk' });
  #records = make('input', { type: 'checkbox', id: 'record' });
  #savesData = make('input', { type: 'checkbox', id: 'save-data' });
  #saving = make('div', { hidden: true }, ...check(this.#savesData, 'Save data', '26 kbit/s instead of 260, sound as Opus.'));
  #name = make('input', { type: 'text', id: 'speaker', maxlength: '40', autocomplete: 'name', spellcheck: 'false' });
  #fault = make('p', { class: 'error', role: 'alert' });
  #isTalking = false;
  #isKept = false;
  #hasRest = false;
  /** @type {MicrophoneState} */
  #state = 'off';

  connectedCallback() {
    this.#button.addEventListener('click', () => this.dispatchEvent(new Event('toggle')));
    this.#goOn.addEventListener('click', () => this.dispatchEvent(new Event('go-on')));
    for (const input of [this.#headphones, this.#pushes, this.#records, this.#savesData, this.#name]) {
      input.addEventListener('change', () => this.dispatchEvent(new Event('choose')));
    }
    this.#listenToTalk();
    this.replaceChildren(
      this.#button,
      this.#sign,
      this.#meter,
      this.#talk,
      this.#goOn,
      this.#fault,
      make(
        'details',
        {},
        make('summary', {}, 'Options'),
        make('label', { for: 'speaker' }, 'Your name'),
        this.#name,
        ...check(this.#headphones, 'I wear headphones', 'Sends the voice as it is, without the removal of echo and noise.'),
        ...check(this.#pushes, 'Push to talk', 'Heard only while the button or the space bar is held.'),
        ...check(this.#records, 'Keep the sound of drafts', 'The server keeps a draft as a recording, too; otherwise only its text.'),
        this.#saving,
      ),
    );
    this.state = 'off';
  }

  get isTalking() {
    return this.#isTalking;
  }

  /** @returns {Choices} */
  get choices() {
    return {
      hasHeadphones: this.#headphones.checked,
      pushesToTalk: this.#pushes.checked,
      records: this.#records.checked,
      savesData: this.#savesData.checked,
      speaker: this.#name.value.trim(),
    };
  }

  set choices({ hasHeadphones, pushesToTalk, records, savesData, speaker }) {
    this.#savesData.checked = savesData;
    this.#name.value = speaker;
    this.#headphones.checked = hasHeadphones;
    this.#pushes.checked = pushesToTalk;
    this.#records.checked = records;
    this.state = this.#state;
  }

  /** @param {MicrophoneState} state */
  set state(state) {
    const isOn = state === 'on' || state === 'paused';
    const pushes = this.#pushes.checked;
    const waits = state === 'paused' && !pushes;
    this.#state = state;
    this.dataset.state = state;
    this.#button.setAttribute('aria-pressed', String(isOn));
    this.#button.disabled = state === 'asking';
    this.#button.replaceChildren(symbol('microphone'), WORDS[state]);
    this.#showSign();
    this.#meter.hidden = !isOn;
    this.#talk.hidden = !isOn || !pushes;
    this.#goOn.hidden = !waits;
    if (!isOn) this.level = QUIETEST;
  }

  /** @param {boolean} canSaveData Whether this browser makes Opus. */
  set canSaveData(canSaveData) {
    this.#saving.hidden = !canSaveData;
  }

  /** @param {boolean} isKept Whether the sound of drafts is kept; seen with the next state. */
  set isKept(isKept) {
    this.#isKept = isKept;
  }

  /** @param {boolean} hasRest Whether what was said before is still being sent. */
  set hasRest(hasRest) {
    this.#hasRest = hasRest;
    this.#showSign();
  }

  #showSign() {
    const words = {
      off: this.#hasRest ? 'Sending what was said' : '',
      asking: '',
      on: this.#isKept ? 'Recording, drafts with sound' : 'Recording',
      paused: this.#pushes.checked ? 'Not heard' : 'Paused from elsewhere',
    };
    if (this.#sign.textContent !== words[this.#state]) this.#sign.textContent = words[this.#state];
  }

  /** @param {number} level In dB. */
  set level(level) {
    this.#meter.value = Math.max(QUIETEST, level);
  }

  /** @param {string} words Why there is no microphone; none where there is. */
  set fault(words) {
    this.#fault.textContent = words;
  }

  #listenToTalk() {
    const button = this.#talk;
    button.addEventListener('pointerdown', (event) => {
      button.setPointerCapture(event.pointerId);
      this.#hold(true);
    });
    for (const end of ['pointerup', 'pointercancel', 'blur']) button.addEventListener(end, () => this.#hold(false));
    // A held key repeats itself, which changes nothing.
    button.addEventListener('keydown', ({ key }) => (key === ' ' || key === 'Enter') && this.#hold(true));
    button.addEventListener('keyup', ({ key }) => (key === ' ' || key === 'Enter') && this.#hold(false));
    button.addEventListener('contextmenu', (event) => event.preventDefault());
  }

  /** @param {boolean} isTalking */
  #hold(isTalking) {
    if (isTalking === this.#isTalking) return;
    this.#isTalking = isTalking;
    this.#talk.textContent = isTalking ? 'Let go to end' : 'Hold to talk';
    this.dispatchEvent(new Event('talk'));
  }
}

/**
 * @param {HTMLInputElement} box
 * @param {string} label
 * @param {string} why
 */
function check(box, label, why) {
  const note = make('p', { class: 'note', id: `${box.id}-why` }, why);
  box.setAttribute('aria-describedby', note.id);
  return [make('label', { class: 'check' }, box, label), note];
}

customElements.define('hearsay-microphone', HearsayMicrophone);
