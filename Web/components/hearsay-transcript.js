import { make } from './make.js';
import { origin } from './said.js';

/** @typedef {import('../hearing/transcripts.js').Line} Line */

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

/** So near to the end, in pixels, counts as there. */
const NEAR = 80;

/**
 * Shows what is said, the newest last: `<hearsay-transcript>`.
 *
 * What may still change is grey. A screen reader reads each line once, when it is final.
 */
export class HearsayTranscript extends HTMLElement {
  #list = make('ol', { class: 'entries lines' });
  #empty = make('p', { class: 'empty' }, 'Nothing yet.');
  #log = make('div', { class: 'scroll', role: 'log', 'aria-label': 'What is heard' }, this.#list);
  /** @type {Map<string, {line: Line, item: HTMLLIElement}>} */
  #shown = new Map();

  connectedCallback() {
    this.replaceChildren(this.#empty, this.#log);
  }

  /** @param {Line[]} lines In the order in which they began. */
  set lines(lines) {
    const log = this.#log;
    const isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - NEAR;
    const ids = new Set(lines.map(({ id }) => id));
    for (const [id, { item }] of this.#shown) {
      if (ids.has(id)) continue;
      item.remove();
      this.#shown.delete(id);
    }
    for (const line of lines) this.#show(line);
    this.#order(lines);
    this.#empty.hidden = lines.length > 0;
    log.tabIndex = lines.length > 0 ? 0 : -1;
    // Whoever has scrolled back is left to read.
    if (isAtEnd) this.goToEnd();
  }

  /** Brings the newest line into view. */
  goToEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  /**
   * Two who spoke at once are told in one order and may have begun in another.
   *
   * @param {Line[]} lines
   */
  #order(lines) {
    let place = this.#list.firstElementChild;
    for (const { id } of lines) {
      const item = this.#shown.get(id)?.item;
      if (!item) continue;
      if (item === place) place = place.nextElementSibling;
      else this.#list.insertBefore(item, place);
    }
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
function parts(line) {
  const { confirmed, tentative, fault, commands, isFinal } = line;
  const tail = tentative ? [make('span', { class: 'tentative' }, tentative)] : [];
  const said = fault ? make('p', { class: 'error' }, FAULTS[fault] ?? fault) : make('p', { class: 'words' }, confirmed, ...tail);
  const chips = commands.map((name) => make('li', { class: 'chip' }, name));
  return [
    said,
    ...(chips.length > 0 ? [make('ul', { class: 'chips', 'aria-label': 'Commands' }, ...chips)] : []),
    origin(line, isFinal ? [] : ['speaking']),
  ];
}

customElements.define('hearsay-transcript', HearsayTranscript);
