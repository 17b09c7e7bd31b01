import { make } from './make.js';
import { symbol } from './symbols.js';

/** @typedef {'off' | 'asking' | 'on' | 'paused'} MicrophoneState */

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
  #name = make('input', { type: 'text', id: 'speaker', maxlength: '40', autocomplete: 'name', spellcheck: 'false' });
  #fault = make('p', { class: 'error', role: 'alert' });
  #isTalking = false;
  /** @type {MicrophoneState} */
  #state = 'off';

  connectedCallback() {
    this.#button.addEventListener('click', () => this.dispatchEvent(new Event('toggle')));
    this.#goOn.addEventListener('click', () => this.dispatchEvent(new Event('go-on')));
    for (const input of [this.#headphones, this.#pushes, this.#name]) {
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
      ),
    );
    this.state = 'off';
  }

  get hasHeadphones() {
    return this.#headphones.checked;
  }

  get pushesToTalk() {
    return this.#pushes.checked;
  }

  /** Who speaks here; empty where nobody said. */
  get speaker() {
    return this.#name.value.trim();
  }

  get isTalking() {
    return this.#isTalking;
  }

  /** @param {{hasHeadphones: boolean, pushesToTalk: boolean, speaker: string}} choices */
  set choices({ hasHeadphones, pushesToTalk, speaker }) {
    this.#name.value = speaker;
    this.#headphones.checked = hasHeadphones;
    this.#pushes.checked = pushesToTalk;
    this.state = this.#state;
  }

  /** @param {MicrophoneState} state */
  set state(state) {
    const isOn = state === 'on' || state === 'paused';
    const waits = state === 'paused' && !this.pushesToTalk;
    this.#state = state;
    this.dataset.state = state;
    this.#button.setAttribute('aria-pressed', String(isOn));
    this.#button.disabled = state === 'asking';
    this.#button.replaceChildren(symbol('microphone'), WORDS[state]);
    this.#sign.textContent = state === 'on' ? 'Recording' : isOn ? (waits ? 'Paused from elsewhere' : 'Not heard') : '';
    this.#meter.hidden = !isOn;
    this.#talk.hidden = !isOn || !this.pushesToTalk;
    this.#goOn.hidden = !waits;
    if (!isOn) this.level = QUIETEST;
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
