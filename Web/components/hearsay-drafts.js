import './hearsay-draft.js';
import { make } from './make.js';

/** @typedef {import('../listen/drafts.js').Draft} Draft */

/**
 * Shows what was dictated, the newest first: `<hearsay-drafts>`.
 *
 * Sends `older` when there is to be more; what its drafts send passes through it.
 */
export class HearsayDrafts extends HTMLElement {
  #title = make('h2', { tabindex: '-1' }, 'Drafts');
  #list = make('ol', { class: 'entries drafts' });
  #empty = make('p', { class: 'empty' }, 'None yet. Say “start a new note”, then the note, then “break break break”.');
  #older = make('button', { type: 'button', class: 'plain', hidden: true }, 'Older drafts');
  #fault = make('p', { class: 'error', role: 'alert' });
  /** @type {Map<string, {item: HTMLLIElement, shown: import('./hearsay-draft.js').HearsayDraft}>} */
  #shown = new Map();

  connectedCallback() {
    this.#older.addEventListener('click', () => this.dispatchEvent(new Event('older')));
    this.replaceChildren(this.#title, this.#empty, this.#list, this.#older, this.#fault);
  }

  /** @param {Draft[]} drafts The newest first. */
  set drafts(drafts) {
    const ids = new Set(drafts.map(({ id }) => id));
    for (const [id, { item }] of this.#shown) {
      if (ids.has(id)) continue;
      const hadFocus = item.contains(document.activeElement);
      item.remove();
      this.#shown.delete(id);
      if (hadFocus) this.#title.focus();
    }
    /** @type {HTMLLIElement | null} */
    let before = null;
    for (const draft of drafts) {
      /** @type {{item: HTMLLIElement, shown: import('./hearsay-draft.js').HearsayDraft}} */
      const place = this.#shown.get(draft.id) ?? this.#add(draft.id, before);
      place.shown.draft = draft;
      before = place.item;
    }
    this.#empty.hidden = drafts.length > 0;
  }

  /** @param {boolean} isThereMore Whether there are older ones. */
  set isThereMore(isThereMore) {
    this.#older.hidden = !isThereMore;
  }

  /** @param {string} words Why there is no list. */
  set fault(words) {
    this.#fault.textContent = words;
  }

  /**
   * @param {string} id
   * @param {HTMLLIElement | null} before The item it follows.
   */
  #add(id, before) {
    const shown = make('hearsay-draft');
    const item = make('li', { 'data-draft': id }, shown);
    if (before) before.after(item);
    else this.#list.prepend(item);
    this.#shown.set(id, { item, shown });
    return { item, shown };
  }
}

customElements.define('hearsay-drafts', HearsayDrafts);
