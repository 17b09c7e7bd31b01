import { make } from './make.js';
import { symbol } from './symbols.js';

/**
 * @typedef {'ready' | 'starting' | 'suspended' | 'muted' | 'no_device' | 'quiet_hours'} SoundState
 *
 * @typedef {object} Advice
 * @property {import('./symbols.js').SymbolName} icon
 * @property {string} title
 * @property {string} button
 * @property {string} why
 */

/** @type {Record<'suspended' | 'muted' | 'no_device' | 'quiet_hours', Advice>} */
const ADVICE = {
  suspended: {
    icon: 'sound',
    title: 'Sound is off',
    button: 'Enable sound',
    why: 'Browsers keep a page silent until you have clicked in it once. One click is enough for this visit.',
  },
  muted: {
    icon: 'muted',
    title: 'You muted this page',
    button: 'Unmute',
    why: 'What is said meanwhile sounds on another of your listeners, or is reported as not heard.',
  },
  quiet_hours: {
    icon: 'quiet',
    title: 'Quiet hours',
    button: 'Sound all the same',
    why: 'What is said meanwhile sounds on another of your listeners, or is reported as not heard.',
  },
  no_device: {
    icon: 'speaker',
    title: 'No loudspeaker found',
    button: 'Look again',
    why: 'The browser sees no audio output on this machine. Plug one in or switch it on: the page notices by itself.',
  },
};

/**
 * Says why the page is silent and offers the one thing to do about it: `<hearsay-sound-button>`.
 *
 * Sends `remedy` when its button is pressed; its `state` says which remedy is meant.
 */
export class HearsaySoundButton extends HTMLElement {
  #title = make('h2');
  #why = make('p', { id: 'sound-why' });
  #button = make('button', { type: 'button', class: 'primary', 'aria-describedby': 'sound-why' });
  /** @type {SoundState} */
  #state = 'starting';
  /** The end of the quiet hours, such as `07:00`. */
  quietUntil = '';

  connectedCallback() {
    this.#button.addEventListener('click', () => this.dispatchEvent(new Event('remedy')));
    this.replaceChildren(this.#title, this.#button, this.#why);
    this.hidden = true;
  }

  get state() {
    return this.#state;
  }

  set state(state) {
    if (state === this.#state) return;
    const hadFocus = this.contains(document.activeElement);
    this.#state = state;
    this.dataset.state = state;
    this.hidden = state === 'ready' || state === 'starting';
    if (state === 'ready' || state === 'starting') {
      if (hadFocus) document.querySelector('main')?.focus();
      return;
    }
    const { icon, title, button, why } = ADVICE[state];
    this.#title.textContent = state === 'quiet_hours' ? `Quiet until ${this.quietUntil}` : title;
    this.#why.textContent = why;
    this.#button.replaceChildren(symbol(icon), button);
  }
}

customElements.define('hearsay-sound-button', HearsaySoundButton);
