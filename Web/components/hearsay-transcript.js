import { make } from './make.js';

/** @typedef {import('../hearing/transcripts.js').Line} Line */

/** Text of these engines has many mistakes, and says so. */
const BASIC = ['pocketsphinx'];

/**
 * Why there is no text, in words.
 *
 * @type {Record<string, string>}
 */
const FAULTS = {
  overloaded: 'The server had too much to hear.',
  engine_failed: 'The recogniser failed.',
  server_stopping: 'The server stopped.',
};

/**
 * Shows what is said, the newest last: `<hearsay-transcript>`.
 *
 * What may still change is grey. A screen reader reads each line once, when it is final.
 */
export class HearsayTranscript extends HTMLElement {
  #list = make('ol', { class: 'entries lines' });
  #empty = make('p', { class: 'empty' }, 'Nothing yet.');
  #log = make('div', { role: 'log', 'aria-label': 'What is heard' }, this.#list);
  /** @type {Map<string, {line: Line, item: HTMLLIElement}>} */
  #shown = new Map();

  connectedCallback() {
    this.replaceChildren(this.#empty, this.#log);
  }

  /** @param {Line[]} lines In the order in which they began. */
  set lines(lines) {
    const isAtEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 80;
    const ids = new Set(lines.map(({ id }) => id));
    for (const [id, { item }] of this.#shown) {
      if (ids.has(id)) continue;
      item.remove();
      this.#shown.delete(id);
    }
    for (const line of lines) this.#show(line);
    this.#empty.hidden = lines.length > 0;
    if (isAtEnd && this.hasAttribute('follows')) this.#list.lastElementChild?.scrollIntoView({ block: 'nearest' });
  }

  /** @param {Line} line */
  #show(line) {
    const known = this.#shown.get(line.id);
    if (known?.line === line) return;
    const item = known?.item ?? make('li');
    item.dataset.source = line.source;
    item.dataset.state = line.isFinal ? 'final' : 'growing';
    if (line.isFinal) item.removeAttribute('aria-hidden');
    else item.setAttribute('aria-hidden', 'true');
    item.replaceChildren(...parts(line));
    if (!known) this.#list.append(item);
    this.#shown.set(line.id, { line, item });
  }
}

/** @param {Line} line */
function parts({ confirmed, tentative, fault, commands, speaker, source, at, engine, isFinal }) {
  const time = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const facts = [` · ${speaker || source}`, ...(BASIC.includes(engine) ? [' · basic recogniser'] : [])];
  const tail = tentative ? [make('span', { class: 'tentative' }, tentative)] : [];
  const said = fault ? make('p', { class: 'error' }, FAULTS[fault] ?? fault) : make('p', { class: 'words' }, confirmed, ...tail);
  const chips = commands.map((name) => make('li', { class: 'chip' }, name));
  return [
    said,
    ...(chips.length > 0 ? [make('ul', { class: 'chips', 'aria-label': 'Commands' }, ...chips)] : []),
    make('p', { class: 'note' }, make('time', { datetime: at.toISOString() }, time), ...facts, isFinal ? '' : ' · speaking'),
  ];
}

customElements.define('hearsay-transcript', HearsayTranscript);
