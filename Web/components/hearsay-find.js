import './hearsay-download.js';
import { foundWords } from '../listen/found-words.js';
import { make } from './make.js';
import { origin } from './said.js';
import { symbol } from './symbols.js';

/** So long after the last key the words are looked for. */
const PAUSE_MS = 200;

/**
 * Finds what was said by its words or in one group, and saves it: `<hearsay-find>`.
 *
 * Sends `find` when other words are looked for, `group` when another group is chosen, `more` when there is to be more of what was found, `download` with the form
 * in which it is to be saved.
 */
export class HearsayFind extends HTMLElement {
  #input = make('input', { type: 'search', id: 'find', placeholder: 'Find in everything said', autocomplete: 'off', enterkeyhint: 'search' });
  #download = make('hearsay-download');
  #group = make('select', { id: 'group' });
  #groups = make('div', { class: 'group', hidden: true }, make('label', { for: 'group' }, 'Group'), this.#group);
  /** @type {string[]} The names that can be chosen. */
  #names = [];
  #status = make('p', { class: 'note', role: 'status' });
  #list = make('ol', { class: 'entries lines' });
  #found = make('div', { class: 'scroll', role: 'region', 'aria-label': 'What was found', hidden: true }, this.#list);
  #more = make('button', { type: 'button', class: 'plain' }, 'More');
  #fault = make('p', { class: 'error', role: 'alert' });
  #pause = 0;
  #count = 0;

  connectedCallback() {
    const label = make('label', { for: 'find', class: 'unseen' }, 'Find in everything said');
    this.#input.addEventListener('input', () => {
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => this.dispatchEvent(new Event('find')), PAUSE_MS);
    });
    this.#input.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape') return;
      this.#input.value = '';
      this.#input.dispatchEvent(new Event('input'));
    });
    this.#group.addEventListener('change', () => this.dispatchEvent(new Event('group')));
    this.#more.addEventListener('click', () => this.dispatchEvent(new Event('more')));
    this.#download.addEventListener('download', (event) => {
      this.dispatchEvent(new CustomEvent('download', { detail: /** @type {CustomEvent} */ (event).detail }));
    });
    this.#found.append(this.#more);
    this.replaceChildren(
      make('div', { class: 'seek' }, symbol('find'), label, this.#input, this.#download),
      this.#groups,
      this.#status,
      this.#fault,
      this.#found,
    );
  }

  /** What is looked for; empty where nothing is. */
  get words() {
    return this.#input.value.trim();
  }

  /** The group whose transcript is wanted; empty for everything. */
  get group() {
    return this.#group.value;
  }

  /** @param {string[]} names Of all groups; there is nothing to choose where there is none. */
  set groups(names) {
    // One that is being read stays, although nothing is told of it any more.
    const all = this.group === '' || names.includes(this.group) ? names : [...names, this.group];
    if (all.join('\n') === this.#names.join('\n')) return;
    const chosen = this.group;
    this.#names = all;
    this.#group.replaceChildren(make('option', { value: '' }, 'Everything'), ...all.map((name) => make('option', { value: name }, name)));
    this.#group.value = chosen;
    this.#groups.hidden = all.length === 0;
  }

  /** Leaves what was found, for what is said now. */
  clear() {
    this.#list.replaceChildren();
    this.#count = 0;
    this.#status.textContent = '';
    this.#fault.textContent = '';
    this.#found.hidden = true;
  }

  /**
   * Shows more of what was found.
   *
   * @param {import('../listen/notebook.js').Noted[]} noted The newest first.
   * @param {boolean} isThereMore
   */
  add(noted, isThereMore) {
    const next = this.#list.childElementCount;
    this.#list.append(...noted.map((one) => this.#item(one)));
    this.#count += noted.length;
    this.#status.textContent = words(this.#count, isThereMore);
    this.#found.hidden = this.#count === 0;
    this.#found.tabIndex = this.#count > 0 ? 0 : -1;
    const hadFocus = document.activeElement === this.#more;
    this.#more.hidden = !isThereMore;
    if (!hadFocus) return;
    const first = /** @type {HTMLElement | undefined} */ (this.#list.children[next]);
    first?.setAttribute('tabindex', '-1');
    first?.focus();
  }

  /** @param {string} words Why nothing could be found or saved. */
  set fault(words) {
    this.#fault.textContent = words;
  }

  /** @param {import('../listen/notebook.js').Noted} noted */
  #item({ text, said_at, speaker, group, source_id, engine }) {
    const parts = foundWords(text, this.words).map((part) => (part.isFound ? make('mark', {}, part.text) : part.text));
    const facts = { at: new Date(said_at), speaker: speaker ?? '', source: source_id, group, engine };
    return make('li', { 'data-state': 'final' }, make('p', { class: 'words' }, ...parts), origin(facts));
  }
}

/**
 * @param {number} count
 * @param {boolean} isThereMore
 */
function words(count, isThereMore) {
  if (count === 0) return 'Nothing was found.';
  return isThereMore ? `The newest ${count} of more` : `${count} found`;
}

customElements.define('hearsay-find', HearsayFind);
