import { make } from './make.js';

/** @type {Record<import('../speech/jobs.js').Outcome, string>} */
const OUTCOME = { heard: 'Heard', unheard: 'Not heard', aborted: 'Stopped', failed: 'Not heard' };

/** @type {Record<import('../speech/jobs.js').Place, string>} */
const PLACE = { here: ' here', other_tab: ' in another tab', elsewhere: ' elsewhere' };

/** Shows what was said, the newest first: `<hearsay-log>`. */
export class HearsayLog extends HTMLElement {
  #list = make('ol', { class: 'entries' });
  #empty = make('p', { class: 'empty' }, 'Nothing yet.');
  // The role stands around the list, because on the list it would take the list's own role away.
  #log = make('div', { role: 'log', 'aria-label': 'What was said', 'aria-live': 'off' }, this.#list);
  #newest = '';

  connectedCallback() {
    this.replaceChildren(make('h2', {}, 'Said'), this.#empty, this.#log);
  }

  /** @param {boolean} isWanted Whether a screen reader reads what is added: not where it was just heard aloud. */
  set isAnnounced(isWanted) {
    this.#log.setAttribute('aria-live', isWanted ? 'polite' : 'off');
  }

  /** @param {import('../speech/jobs.js').Said[]} entries The newest last. */
  set entries(entries) {
    const known = entries.findIndex(({ id }) => id === this.#newest);
    const added = entries.slice(known + 1);
    this.#newest = entries.at(-1)?.id ?? '';
    for (const entry of added) this.#list.prepend(item(entry));
    while (this.#list.childElementCount > entries.length) this.#list.lastElementChild?.remove();
    this.#empty.hidden = entries.length > 0;
  }
}

/** @param {import('../speech/jobs.js').Said} entry */
function item({ text, rest, outcome, place, fallback, at }) {
  const time = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const words = OUTCOME[outcome] + (outcome === 'heard' ? PLACE[place] : '');
  const unheard = rest ? [make('span', { class: 'unheard' }, rest)] : [];
  return make(
    'li',
    { 'data-outcome': outcome },
    make('p', {}, text, ...unheard),
    make('p', { class: 'note' }, make('time', { datetime: at.toISOString() }, time), ` · ${words}`),
    ...(fallback ? [make('p', { class: 'fallback' }, `${fallback.voice} spoke: ${fallback.reason}`)] : []),
  );
}

customElements.define('hearsay-log', HearsayLog);
