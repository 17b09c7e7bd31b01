import { make } from './make.js';
import { symbol } from './symbols.js';

/** @typedef {import('../link/session.js').Connection | {state: 'unlinked'}} ConnectionState */

/** After this many failures in a row the server is called down. */
const DOWN_ATTEMPTS = 4;

/** Says in words how the page is connected: `<hearsay-connection>`. */
export class HearsayConnection extends HTMLElement {
  #words = make('span', { role: 'status' });
  #wait = make('span', { class: 'wait', 'aria-hidden': 'true' });
  #icon = make('span', { class: 'dot' });
  #retryAt = 0;
  #ticker = 0;

  connectedCallback() {
    this.classList.add('pill');
    this.replaceChildren(this.#icon, this.#words, this.#wait);
  }

  disconnectedCallback() {
    clearInterval(this.#ticker);
  }

  /** @param {ConnectionState} connection */
  set connection(connection) {
    const { tone, icon, words } = describe(connection);
    this.dataset.state = connection.state;
    this.dataset.tone = tone;
    this.#icon.replaceChildren(symbol(icon));
    if (this.#words.textContent !== words) this.#words.textContent = words;
    this.title = connection.state === 'connected' ? connection.server : '';
    this.#count(connection.state === 'waiting' ? connection.retryInMs : 0);
  }

  /**
   * Counts down to the next attempt; for the eye only, a screen reader would read every second of it.
   *
   * @param {number} milliseconds
   */
  #count(milliseconds) {
    clearInterval(this.#ticker);
    this.#retryAt = performance.now() + milliseconds;
    this.#wait.textContent = '';
    if (milliseconds === 0) return;
    this.#tick();
    this.#ticker = setInterval(() => this.#tick(), 500);
  }

  #tick() {
    const seconds = Math.ceil((this.#retryAt - performance.now()) / 1000);
    this.#wait.textContent = seconds > 0 ? `in ${seconds} s` : 'now';
  }
}

/**
 * @param {ConnectionState} connection
 * @returns {{tone: 'good' | 'quiet' | 'warn' | 'bad', icon: import('./symbols.js').SymbolName, words: string}}
 */
function describe(connection) {
  switch (connection.state) {
    case 'connected':
      return { tone: 'good', icon: 'linked', words: 'Connected' };
    case 'connecting':
      return { tone: 'quiet', icon: 'linking', words: 'Connecting' };
    case 'unlinked':
      return { tone: 'warn', icon: 'unlinked', words: 'No link' };
    case 'refused':
      return { tone: 'bad', icon: 'unlinked', words: 'Link refused' };
    case 'waiting':
      return { tone: 'warn', icon: 'linking', words: waitingWords(connection.cause, connection.attempts) };
  }
}

/**
 * @param {'lost' | 'stopping' | 'busy'} cause
 * @param {number} attempts
 */
function waitingWords(cause, attempts) {
  if (cause === 'busy') return 'Server busy, retrying';
  if (attempts >= DOWN_ATTEMPTS) return navigator.onLine ? 'Server down, retrying' : 'Offline, retrying';
  return cause === 'stopping' ? 'Server stopped, reconnecting' : 'Reconnecting';
}

customElements.define('hearsay-connection', HearsayConnection);
