/**
 * @typedef {{char_index: number, char_end: number}} Span A stretch of a text, counted in Unicode scalars.
 * @typedef {Span & {start_ms: number, end_ms: number}} Word
 */

/** The words of a job and when each is spoken, as far as that is known. */
export class Words {
  /** @type {Word[]} In the order they are spoken. */
  #words;
  /** @type {Span | null} The word the server last named. */
  #named = null;

  /** @param {Word[]} words */
  constructor(words) {
    this.#words = [...words];
  }

  /** Those that are known. */
  get list() {
    return this.#words;
  }

  /** @param {Word[]} words Of one more clause; those known already are given anew. */
  add(words) {
    if (words.length === 0) return;
    const first = words[0].char_index;
    const last = words[words.length - 1].char_index;
    const kept = this.#words.filter(({ char_index }) => char_index < first || char_index > last);
    this.#words = [...kept, ...words].sort((a, b) => a.start_ms - b.start_ms);
  }

  /** @param {Record<string, any>} progress `job.progress` */
  jump({ char_index, char_end }) {
    if (Number.isInteger(char_index)) this.#named = { char_index, char_end: char_end ?? char_index };
  }

  /**
   * The word that is spoken.
   *
   * @param {number | null} positionMs By our own clock; null when it sounds elsewhere.
   * @returns {Span | null}
   */
  at(positionMs) {
    if (positionMs === null || this.#words.length === 0) return this.#named;
    let low = 0;
    let high = this.#words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#words[middle].start_ms <= positionMs) low = middle + 1;
      else high = middle;
    }
    return low > 0 ? this.#words[low - 1] : null;
  }
}
