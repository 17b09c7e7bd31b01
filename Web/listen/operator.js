/**
 * @typedef {import('../components/hearsay-sources.js').HearsaySources} HearsaySources
 *
 * @typedef {import('../components/hearsay-sources.js').SourceOrder} SourceOrder
 */

/** Lets microphones pause and go on, whosever they are, where the link may do that. */
export class Operator {
  #headers;
  #shown;

  /**
   * @param {string} token
   * @param {HearsaySources} shown Where the microphones are.
   */
  constructor(token, shown) {
    this.#headers = { Authorization: `Bearer ${token}` };
    this.#shown = shown;
    shown.addEventListener('order', (event) => this.#order(/** @type {CustomEvent<SourceOrder>} */ (event).detail));
  }

  /** Learns what the link may do, after a connection was made. */
  async refresh() {
    // A server that is just going away is asked again with the next connection.
    const answer = await fetch('/status', { headers: this.#headers, cache: 'no-store' }).catch(() => null);
    if (!answer?.ok) return;
    const { scopes = [] } = await answer.json();
    this.#shown.mayOrder = scopes.includes('control') || scopes.includes('admin');
  }

  /** @param {SourceOrder} order */
  async #order({ source, order }) {
    const path = `/v1/sources/${encodeURIComponent(source)}/${order}`;
    const answer = await fetch(path, { method: 'POST', headers: this.#headers }).catch(() => null);
    this.#shown.answered(source, await refusal(answer));
  }
}

/**
 * @param {Response | null} answer Null where none came.
 * @returns {Promise<string>} Why it was not done, in words; empty where it was.
 */
async function refusal(answer) {
  if (!answer) return 'The server cannot be reached.';
  if (answer.ok) return '';
  const told = await answer.json().catch(() => ({}));
  return `The server refused it: ${told.error?.message ?? answer.status}`;
}
