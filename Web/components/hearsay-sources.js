import { make } from './make.js';
import { nameOf } from './said.js';

const QUIETEST = -60;

/** Shows the microphones that are open, with their levels: `<hearsay-sources>`. */
export class HearsaySources extends HTMLElement {
  #list = make('ul', { class: 'sources' });
  #empty = make('p', { class: 'empty' }, 'No microphone is open.');
  /** @type {Map<string, {item: HTMLLIElement, meter: HTMLMeterElement, note: HTMLElement}>} */
  #shown = new Map();

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
      const { meter, note } = this.#shown.get(id) ?? this.#add(id, speaker);
      meter.value = isPaused ? QUIETEST : Math.max(QUIETEST, level);
      note.textContent = isPaused ? 'paused' : '';
    }
    this.#empty.hidden = sources.size > 0;
  }

  /**
   * @param {string} id
   * @param {string} speaker
   */
  #add(id, speaker) {
    const name = nameOf(speaker, id);
    const meter = make('meter', { min: String(QUIETEST), max: '0', low: '-45', optimum: '-20', 'aria-label': `Level of ${name}` });
    const note = make('span', { class: 'note' });
    const item = make('li', { 'data-source': id }, make('span', { class: 'name' }, name), note, meter);
    this.#list.append(item);
    const shown = { item, meter, note };
    this.#shown.set(id, shown);
    return shown;
  }
}

customElements.define('hearsay-sources', HearsaySources);
