import { make } from './make.js';

/** Shows what is to be said next: `<hearsay-queue>`. */
export class HearsayQueue extends HTMLElement {
  #list = make('ol', { class: 'entries' });
  #empty = make('p', { class: 'empty' }, 'Nothing waits.');
  #count = make('span', { class: 'count' });

  connectedCallback() {
    this.replaceChildren(make('h2', {}, 'Up next ', this.#count), this.#empty, this.#list);
  }

  /** @param {import('../speech/jobs.js').Queued[]} entries */
  set entries(entries) {
    this.#list.replaceChildren(...entries.map(item));
    this.#list.hidden = entries.length === 0;
    this.#empty.hidden = entries.length > 0;
    this.#count.textContent = entries.length > 0 ? String(entries.length) : '';
  }
}

/** @param {import('../speech/jobs.js').Queued} entry */
function item({ text, isHeld }) {
  const note = isHeld ? [make('p', { class: 'note' }, 'Waits until somebody can hear it')] : [];
  return make('li', {}, make('p', {}, text), ...note);
}

customElements.define('hearsay-queue', HearsayQueue);
