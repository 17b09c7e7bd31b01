/** The first wait before a new attempt. */
const FIRST_MS = 250;
/** While somebody looks at the page or speaks into its microphone a server that is back must be found soon. */
const AWAITED_CAP_MS = 3_000;
const IDLE_CAP_MS = 30_000;

/** How long to wait before the next attempt to connect: doubling, with half of it left to chance. */
export class Backoff {
  #attempts = 0;

  /** The number of attempts since the last success. */
  get attempts() {
    return this.#attempts;
  }

  /**
   * Counts a failed attempt.
   *
   * @param {boolean} isAwaited Whether the page can be seen now, or has audio to send.
   * @param {number} atLeastMs What the server's refusal asks for.
   * @returns {number} Milliseconds to wait.
   */
  next(isAwaited, atLeastMs = 0) {
    const cap = isAwaited ? AWAITED_CAP_MS : IDLE_CAP_MS;
    const full = Math.min(cap, FIRST_MS * 2 ** Math.min(this.#attempts, 10));
    this.#attempts += 1;
    return Math.max(atLeastMs, full / 2 + (Math.random() * full) / 2);
  }

  /** Forgets the failures, after a success. */
  reset() {
    this.#attempts = 0;
  }
}
