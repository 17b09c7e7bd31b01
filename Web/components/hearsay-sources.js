import { make } from './make.js';
import { nameOf } from './said.js';
import { symbol } from './symbols.js';

const QUIETEST = -60;

/**
 * @typedef {object} SourceOrder
 * @property {string} source
 * @property {'pause' | 'resume'} order
 *
 * @typedef {object} Shown One microphone, as it is shown.
 * @property {string} name
 * @property {boolean | null} isPaused Null before anything is shown of it.
 * @property {HTMLLIElement} item
 * @property {HTMLMeterElement} meter
 * @property {HTMLElement} note
 * @property {HTMLButtonElement} button
 * @property {HTMLElement} fault
 */

/**
 * Shows the microphones that are open, with their levels: `<hearsay-sources>`.
 *
 * Sends `order` when one is to pause or to go on, and waits with its button until that is answered.
 */
export class HearsaySources extends HTMLElement {
  #list = make('ul', { class: 'sources' });
  #empty = make('p', { class: 'empty' }, 'No microphone is open.');
  /** @type {Map<string, Shown>} */
  #shown = new Map();
  #mayOrder = false;

  connectedCallback() {
    this.replaceChildren(make('h2', {}, 'Microphones'), this.#empty, this.#list);
  }

  /** @param {import('../hearing/transcripts.js').Transcripts['sources']} sources */
  set sources(sources) {
    for (const [id, { item }] of this.#shown) {
      if (sources.has(id)) continue;
      item.remove();
      this.#shown.delete(id);
    }
    for (const [id, { level, speaker, isPaused }] of sources) {
      const shown = this.#shown.get(id) ?? this.#add(id, speaker);
      shown.meter.value = isPaused ? QUIETEST : Math.max(QUIETEST, level);
      if (shown.isPaused !== isPaused) showPause(shown, isPaused);
    }
    this.#empty.hidden = sources.size > 0;
  }

  /** @param {boolean} mayOrder Whether the page may let microphones pause. */
  set mayOrder(mayOrder) {
    this.#mayOrder = mayOrder;
    for (const { button } of this.#shown.values()) button.hidden = !mayOrder;
  }

  /**
   * Tells what became of an order.
   *
   * @param {string} id
   * @param {string} words Why it was refused; none where it was not.
   */
  answered(id, words) {
    const shown = this.#shown.get(id);
    if (!shown) return;
    shown.button.disabled = false;
    shown.fault.textContent = words;
    // A button that is disabled loses the focus in some browsers.
    if (document.activeElement === document.body) shown.button.focus();
  }

  /**
   * @param {string} id
   * @param {string} speaker
   */
  #add(id, speaker) {
    const name = nameOf(speaker, id);
    const meter = make('meter', { min: String(QUIETEST), max: '0', low: '-45', optimum: '-20', 'aria-label': `Level of ${name}` });
    const note = make('span', { class: 'note' });
    const who = make('div', { class: 'who' }, make('span', { class: 'name' }, name), note);
    const button = make('button', { type: 'button', class: 'plain', hidden: !this.#mayOrder });
    const fault = make('p', { class: 'error', role: 'alert' });
    const item = make('li', { 'data-source': id }, who, button, meter, fault);
    /** @type {Shown} */
    const shown = { name, isPaused: null, item, meter, note, button, fault };
    button.addEventListener('click', () => this.#order(id, shown));
    this.#list.append(item);
    this.#shown.set(id, shown);
    return shown;
  }

  /**
   * @param {string} id
   * @param {Shown} shown
   */
  #order(id, { button, fault, isPaused }) {
    button.disabled = true;
    fault.textContent = '';
    this.dispatchEvent(new CustomEvent('order', { detail: { source: id, order: isPaused ? 'resume' : 'pause' } }));
  }
}

/**
 * @param {Shown} shown
 * @param {boolean} isPaused
 */
function showPause(shown, isPaused) {
  const { name, note, button } = shown;
  const words = isPaused ? 'Go on' : 'Pause';
  shown.isPaused = isPaused;
  note.textContent = isPaused ? 'paused' : '';
  button.replaceChildren(symbol(isPaused ? 'play' : 'pause'), words);
  button.setAttribute('aria-label', `${words}: ${name}`);
}

customElements.define('hearsay-sources', HearsaySources);
